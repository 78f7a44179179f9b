"""Pages of books: gate, fetch, bind, one action, answer."""

"""What workers do for books: no Celery, no HTTP."""

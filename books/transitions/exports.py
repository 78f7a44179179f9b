"""An export's moves."""

TASK = "books.tasks.make_export"

"""What the screens of books show, as frozen dataclasses."""

"""What workers do for people."""

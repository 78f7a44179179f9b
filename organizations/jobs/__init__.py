"""What workers do for organizations."""

"""What pages about a person show."""

"""What pages about an organization show."""

"""The trail as people read it."""

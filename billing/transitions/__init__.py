"""Moves of money and credits, each in its caller's transaction."""

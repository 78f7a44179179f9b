"""Shapes of what people send to the pages of billing."""

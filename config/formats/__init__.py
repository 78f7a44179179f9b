"""How dates and times are written, by language: the day first and 24 hours in both, so that no date reads two ways."""

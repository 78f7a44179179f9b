"""English: 21 November 2026, 19:41."""

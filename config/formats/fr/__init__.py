"""French: 21 novembre 2026 à 19:41."""

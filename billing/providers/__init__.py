"""Payment providers: what is asked of each, and the adapters that ask it."""

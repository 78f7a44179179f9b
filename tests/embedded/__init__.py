"""The local services, started, killed and joined for real."""

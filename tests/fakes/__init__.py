"""Loopback servers with the real wire shapes of the providers this project talks to."""

"""Moves of an organization's states that actions and other apps' work bring about."""

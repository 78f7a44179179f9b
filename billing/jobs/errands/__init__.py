"""Errands: what providers are asked to do, one after the other, each with one effect."""

from billing.jobs.errands.running import run

__all__ = ["run"]

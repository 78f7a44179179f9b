"""Celery's tasks of billing: ids in, one job each."""

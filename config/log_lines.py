"""Which lines are logged, and that all of them go through core.logs, which cleans them."""

from typing import Any

# Chatty below warnings, and their warnings quote addresses.
LIBRARIES = (
    "httpx", "httpcore", "httpx2", "httpcore2", "openai", "anthropic", "azure", "botocore", "google", "kombu", "celery",
    "stripe",
)  # fmt: skip
# Servers and workers bring handlers of their own, whose lines nobody cleans: theirs come to ours.
SERVERS = ("django", "django.server", "uvicorn", "_granian")
# What our own line of each request and task says already (core.middleware, core.queue).
SAID = ("uvicorn.access", "granian.access")


def configuration(*, form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING: `form` is json or text."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "core.logs.formatter", "form": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            **{name: {"handlers": [], "propagate": True} for name in SERVERS},
            **{name: {"handlers": [], "level": "CRITICAL"} for name in SAID},
            **{name: {"level": "WARNING"} for name in LIBRARIES},
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners; our line has the 400
            "celery.app.trace": {"level": "CRITICAL"},
        },
    }

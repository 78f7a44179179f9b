"""ASGI entry point: `/events/` in production, pages and events alike in the demo."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_pages = get_asgi_application()  # loads the settings, which the streams need

from core.streams import with_streams  # noqa: E402

application = with_streams(_pages, "/events/")

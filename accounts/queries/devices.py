"""What a browser says of itself, in words a person knows their devices by."""

from functools import lru_cache

from django.utils.translation import gettext as _
from ua_parser import parse

# Families of ua-parser (uap-core) whose own names nobody uses.
BROWSERS = {
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Edge Mobile": "Edge",
}
SYSTEMS = {"Mac OS X": "macOS", "Chrome OS": "ChromeOS"}
UNKNOWN = "Other"  # what uap-core calls a family it does not know


@lru_cache(maxsize=1024)
def _families(user_agent: str) -> tuple[str, str]:
    """Browser and system, "" where unknown. Remembered, since a page asks for the same few again and again."""
    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    names = BROWSERS.get(browser, browser), SYSTEMS.get(system, system)
    return "" if names[0] == UNKNOWN else names[0], "" if names[1] == UNKNOWN else names[1]


def in_words(user_agent: str) -> str:
    """«Firefox on Windows», in the active language."""
    browser, system = _families(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown device")

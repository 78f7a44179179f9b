"""A fresh browser of one visitor; whatever the console, the page or the security policy complains of is kept."""

from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page

from tests.browser.site import Person, Site

DEFAULTS: dict[str, Any] = {"locale": "en", "viewport": {"width": 1360, "height": 900}, "reduced_motion": "reduce"}
PATIENCE_MS = 15_000


class Visitor:
    """`page` is their only tab. `tolerated` are parts of complaints a test brings about on purpose."""

    def __init__(self, browser: Browser, site: Site, person: Person | None = None, **options: Any) -> None:
        self.site, self.person = site, person
        self.complaints: list[str] = []
        self.tolerated: list[str] = []
        self.context = browser.new_context(base_url=site.url, **{**DEFAULTS, **options})
        self.context.set_default_timeout(PATIENCE_MS)
        if person:
            self.context.add_cookies([{"name": "session", "value": person.session, "url": site.url}])
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", self._broken)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _broken(self, error: Error) -> None:
        self.complaints.append(str(error))

    @property
    def troubles(self) -> list[str]:
        """Complaints nobody asked for: errors in scripts, refusals of the content security policy, missing files."""
        return [one for one in self.complaints if not any(part in one for part in self.tolerated)]

    def go(self, path: str) -> Page:
        """Open an address of the site; one that does not begin with a slash is below their organization's."""
        slug = self.person.slug if self.person else ""
        self.page.goto(path if path.startswith("/") else f"/o/{slug}/{path}", wait_until="load")
        return self.page

    def __call__(self, selector: str) -> Locator:
        """What the selector finds in the page."""
        return self.page.locator(selector)

    def leave(self) -> None:
        """Close the browser."""
        self.context.close()

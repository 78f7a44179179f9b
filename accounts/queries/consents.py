"""The texts people agree to, and whether a person has agreed to those in force."""

from dataclasses import dataclass
from datetime import datetime

import comrak
import nh3
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Consent, LegalKind, LegalText, User

FALLBACK = "en"
DUE = "consent_due"  # session key: set at sign-in, gone with agreement; accounts.middleware.Consent reads it


@dataclass(frozen=True)
class Version:
    """One version of a text in a list of them."""

    number: int
    in_force_from: datetime


@dataclass(frozen=True)
class LegalPage:
    """A text as shown: `html` is clean, whatever staff pasted; `versions`: all ever in force, newest first."""

    kind: str
    title: str
    language: str
    number: int
    in_force_from: datetime
    html: str
    versions: list[Version]

    @property
    def is_current(self) -> bool:
        """Whether this is the version in force."""
        return self.number == self.versions[0].number


def language() -> str:
    """The language texts are shown in now: the page's, as far as there are texts in it."""
    return "fr" if (get_language() or "").startswith("fr") else FALLBACK


def in_force() -> dict[str, int]:
    """Version in force of each text: kind → version."""
    found: dict[str, int] = {}
    texts = LegalText.objects.filter(in_force_from__lte=timezone.now()).values_list("kind", "version")
    for kind, version in texts.order_by("version"):
        found[kind] = version
    return found


def missing(person: User) -> dict[str, int]:
    """What the person has not agreed to yet of what is in force: kind → version."""
    agreed = set(Consent.objects.filter(person=person, withdrawn_at=None).values_list("kind", "version"))
    return {kind: version for kind, version in in_force().items() if (kind, version) not in agreed}


def legal_page(kind: str, number: int | None = None) -> LegalPage | None:
    """A text in the language of the page (English where it has none), of one version or of that in force; or None."""
    rows = LegalText.objects.filter(kind=kind, in_force_from__lte=timezone.now()).order_by("-version")
    by_version: dict[int, dict[str, LegalText]] = {}
    for row in rows:
        by_version.setdefault(row.version, {})[row.language] = row
    chosen = by_version.get(number if number is not None else max(by_version, default=0))
    if kind not in LegalKind.values or not chosen:
        return None
    text = chosen.get(language()) or chosen.get(FALLBACK) or next(iter(chosen.values()))
    return LegalPage(
        kind=kind,
        title=text.title,
        language=text.language,
        number=text.version,
        in_force_from=text.in_force_from,
        html=nh3.clean(comrak.render_markdown(text.markdown), link_rel=None),
        versions=[Version(one, next(iter(texts.values())).in_force_from) for one, texts in by_version.items()],
    )

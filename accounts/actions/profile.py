"""What people do with their own account."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import signals
from accounts.models import User
from audit import actions as audit


@transaction.atomic
def open_person(*, person: User) -> None:
    """Complete a fresh account: the trail, and what rooms above make for every person (a personal organization)."""
    audit.record("person.opened", actor=person, target=person)
    signals.person_opened.send(sender=User, person=person)


@transaction.atomic
def save_about(*, person: User, display_name: str, job_title: str, company: str, website: str, bio: str) -> None:
    """Replace who the person says they are."""
    given = {"display_name": display_name, "job_title": job_title, "company": company, "website": website, "bio": bio}
    before = _replace(person, given)
    if before:
        # The trail holds no long text; what a person typed about themselves is erased with them.
        short = {name: [value, given[name]] for name, value in before.items() if name != "bio"}
        audit.record(
            "person.profile_saved", actor=person, target=person, details={"fields": sorted(before)}, personal=short
        )


@transaction.atomic
def save_contact(*, person: User, phone: str, **address: str) -> None:
    """Replace phone (E.164 or "") and postal address: encrypted in their columns, so the trail has only their names."""
    before = _replace(
        person, {"phone": phone, "postal_address": {part: text for part, text in address.items() if text}}
    )
    if before:
        audit.record("person.contact_saved", actor=person, target=person, details={"fields": sorted(before)})


@transaction.atomic
def save_preferences(*, person: User, **given: str | bool) -> None:
    """Replace language, time zone, theme, shortcuts and the choice of e-mails."""
    before = _replace(person, given)
    if before:
        changes = {name: (value, given[name]) for name, value in before.items()}
        audit.record("person.preferences_saved", actor=person, target=person, changes=changes)


@transaction.atomic
def unsubscribe(*, person: User, choice: str) -> None:
    """Switch one kind of e-mail off, by the link in a mail; a second time changes nothing."""
    if _replace(person, {choice: False}):
        audit.record("person.unsubscribed", actor=person, target=person, changes={choice: (True, False)})


def _replace(person: User, given: Mapping[str, Any]) -> dict[str, Any]:
    """Store what is given and differs; the values before, by field."""
    before = {name: getattr(person, name) for name, value in given.items() if getattr(person, name) != value}
    if before:
        for name in before:
            setattr(person, name, given[name])
        person.save(update_fields=[*before, "updated_at"])
    return before


@transaction.atomic
def choose_language(*, person: User, language: str) -> None:
    """Remember the language chosen from the switch on any page."""
    person.language = language
    person.save(update_fields=["language", "updated_at"])
    audit.record("person.language_chosen", actor=person, target=person, details={"language": language})


@transaction.atomic
def choose_theme(*, person: User, theme: str) -> None:
    """Remember the theme chosen from the switch on any page."""
    person.theme = theme
    person.save(update_fields=["theme", "updated_at"])
    audit.record("person.theme_chosen", actor=person, target=person, details={"theme": theme})

"""What people do with their own account."""

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
    changes = person.replace(**given)
    if changes:
        # The trail holds no long text; what a person typed about themselves is erased with them.
        short = {name: list(pair) for name, pair in changes.items() if name != "bio"}
        audit.record(
            "person.profile_saved", actor=person, target=person, details={"fields": sorted(changes)}, personal=short
        )


@transaction.atomic
def save_contact(*, person: User, phone: str, **address: str) -> None:
    """Replace phone (E.164 or "") and postal address: encrypted in their columns, so the trail has only their names."""
    changes = person.replace(phone=phone, postal_address={part: text for part, text in address.items() if text})
    if changes:
        audit.record("person.contact_saved", actor=person, target=person, details={"fields": sorted(changes)})


@transaction.atomic
def save_preferences(*, person: User, **given: str | bool) -> None:
    """Replace language, time zone, theme, shortcuts and the choice of e-mails."""
    if changes := person.replace(**given):
        audit.record("person.preferences_saved", actor=person, target=person, changes=changes)


@transaction.atomic
def unsubscribe(*, person: User, choice: str) -> None:
    """Switch one kind of e-mail off, by the link in a mail; a second time changes nothing."""
    if changes := person.replace(**{choice: False}):
        audit.record("person.unsubscribed", actor=person, target=person, changes=changes)


@transaction.atomic
def choose_language(*, person: User, language: str) -> None:
    """Remember the language chosen from the switch on any page."""
    person.replace(language=language)
    audit.record("person.language_chosen", actor=person, target=person, details={"language": language})


@transaction.atomic
def choose_theme(*, person: User, theme: str) -> None:
    """Remember the theme chosen from the switch on any page."""
    person.replace(theme=theme)
    audit.record("person.theme_chosen", actor=person, target=person, details={"theme": theme})

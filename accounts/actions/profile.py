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
def save_profile(
    *,
    person: User,
    display_name: str,
    language: str,
    time_zone: str,
    theme: str,
    mails_about_runs: bool,
    shortcuts: bool,
) -> None:
    """Replace the person's own profile fields."""
    person.display_name, person.language, person.time_zone, person.theme = display_name, language, time_zone, theme
    person.mails_about_runs, person.shortcuts = mails_about_runs, shortcuts
    person.save(
        update_fields=[
            "display_name", "language", "time_zone", "theme", "mails_about_runs", "shortcuts", "updated_at",
        ]
    )  # fmt: skip
    audit.record("person.profile_saved", actor=person, target=person)


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

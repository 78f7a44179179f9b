"""What people do with their own account."""

from accounts.actions.avatars import change_picture
from accounts.actions.profile import (
    choose_language,
    choose_theme,
    open_person,
    save_about,
    save_contact,
    save_preferences,
    unsubscribe,
)

__all__ = [
    "change_picture",
    "choose_language",
    "choose_theme",
    "open_person",
    "save_about",
    "save_contact",
    "save_preferences",
    "unsubscribe",
]

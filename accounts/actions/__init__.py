"""What people do with their own account."""

from accounts.actions.avatars import change_picture
from accounts.actions.closing import ask_new_address, close_account, reopen_account
from accounts.actions.privacy import ask_as_visitor, confirm_request, log_copy_fetched, request_copy
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
    "ask_as_visitor",
    "ask_new_address",
    "change_picture",
    "choose_language",
    "choose_theme",
    "close_account",
    "confirm_request",
    "log_copy_fetched",
    "open_person",
    "reopen_account",
    "request_copy",
    "save_about",
    "save_contact",
    "save_preferences",
    "unsubscribe",
]

"""What people do with their own account."""

from accounts.actions.profile import choose_language, choose_theme, open_person, save_profile

__all__ = ["choose_language", "choose_theme", "open_person", "save_profile"]

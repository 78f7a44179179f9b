"""People: sign-up, sign-in, profile."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts app; connects allauth's sign-up to `actions.open_person`."""

    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in, user_signed_up

        from accounts import receivers

        user_signed_up.connect(receivers.signed_up, dispatch_uid="accounts.signed_up")
        user_logged_in.connect(receivers.signed_in, dispatch_uid="accounts.signed_in")

"""People: sign-up, sign-in, profile."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts app; connects what happens at the doors to its receivers."""

    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.account import signals as account
        from allauth.mfa import signals as mfa
        from allauth.socialaccount import signals as social
        from django.contrib.auth.signals import user_logged_out, user_login_failed
        from django.db.models.signals import post_migrate

        from accounts import receivers
        from accounts.actions.security import rotate_factors
        from accounts.queries import acts
        from audit.queries.acts import Area, contribute
        from core.fields import kept_by_libraries

        post_migrate.connect(receivers.migrated, dispatch_uid="accounts.migrated")
        for signal, receiver in [
            (account.user_signed_up, receivers.signed_up),
            (account.user_logged_in, receivers.signed_in),
            (account.login_code_rejected, receivers.code_rejected),
            (account.authentication_step_completed, receivers.step_completed),
            (account.email_confirmed, receivers.address_proved),
            (account.password_changed, receivers.password_changed),
            (account.password_set, receivers.password_changed),
            (account.password_reset, receivers.password_reset),
            (mfa.authenticator_added, receivers.factor_added),
            (mfa.authenticator_removed, receivers.factor_removed),
            (mfa.authenticator_reset, receivers.codes_renewed),
            (mfa.authenticator_used, receivers.factor_used),
            (mfa.authentication_failed, receivers.factor_failed),
            (social.social_account_added, receivers.google_linked),
            (social.social_account_removed, receivers.google_unlinked),
            (user_login_failed, receivers.sign_in_failed),
            (user_logged_out, receivers.signed_out),
        ]:
            signal.connect(receiver, dispatch_uid=f"accounts.{receiver.__name__}")
        kept_by_libraries["second factors"] = rotate_factors
        door = Area("door", _("Signing in"), in_organizations=False)
        contribute(door, acts.DOOR, fact_labels=acts.FACTS, value_labels=acts.VALUES)
        contribute(Area("profile", _("Profile"), in_organizations=False), acts.PROFILE)
        contribute(Area("privacy", _("Privacy"), in_organizations=False), acts.PRIVACY)
        contribute(Area("beta", _("Closed beta"), in_organizations=False), acts.BETA)
        contribute(Area("staff", _("Staff"), in_organizations=False), acts.STAFF)

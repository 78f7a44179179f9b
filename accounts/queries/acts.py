"""What acts by and on people are called on screen."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Language, Theme

DOOR = {
    "person.opened": _("opened an account"),
    "person.signed_in": _("signed in"),
    "person.signed_out": _("signed out"),
    "person.sign_in_failed": _("failed to sign in"),
    "person.reauthenticated": _("proved once more who they are"),
    "person.reauthentication_failed": _("failed to prove once more who they are"),
    "person.password_changed": _("changed the password"),
    "person.password_reset": _("set a new password by a mailed code"),
    "person.factor_added": _("added a second factor"),
    "person.factor_removed": _("removed a second factor"),
    "person.factor_used": _("used a second factor"),
    "person.recovery_code_used": _("used a recovery code"),
    "person.recovery_codes_renewed": _("made new recovery codes"),
    "person.google_linked": _("linked a Google account"),
    "person.google_unlinked": _("unlinked a Google account"),
    "person.ways_in_forgotten": _("proved the address, which ended the ways in from before"),
    "person.session_ended": _("ended a session"),
    "person.sessions_ended": _("ended all other sessions"),
}
PROFILE = {
    "person.profile_saved": _("changed the profile"),
    "person.picture_changed": _("changed the picture"),
    "person.picture_removed": _("removed the picture"),
    "person.contact_saved": _("changed phone or postal address"),
    "person.preferences_saved": _("changed preferences"),
    "person.language_chosen": _("chose a language"),
    "person.theme_chosen": _("chose a theme"),
    "person.unsubscribed": _("ended e-mails by their link"),
    "person.email_change_asked": _("asked for another e-mail address"),
    "person.new_address_asked": _("asked for another e-mail address"),
    "person.email_changed": _("changed the e-mail address"),
}
PRIVACY = {
    "person.agreed": _("agreed to the terms"),
    "person.closed": _("closed the account"),
    "person.reopened": _("reopened the account"),
    "person.erased": _("erased the account"),
    "data_request.made": _("asked for personal data or their erasure"),
    "data_request.moved": _("moved a request about personal data on"),
    "data_request.fetched": _("fetched personal data"),
    "legal.published": _("published a legal text"),
}
BETA = {
    "beta.invited": _("invited somebody to the closed beta"),
    "beta.resent": _("sent an invitation to the closed beta again"),
    "beta.revoked": _("revoked an invitation to the closed beta"),
    "beta.used": _("used an invitation to the closed beta"),
}
STAFF = {
    "person.acting_began": _("began to act as somebody"),
    "person.acting_ended": _("stopped acting as somebody"),
    "staff.appointed": _("changed rights of the staff"),
}
FACTS = {
    "minutes": _("minutes"),
    "reason": _("reason"),
    "is_staff": _("staff"),
    "groups": _("groups"),
    "method": _("way in"),
    "methods": _("ways in"),
    "why": _("why"),
    "theme": _("theme"),
    "texts": _("texts"),
    "number": _("number"),
    "before": _("before"),
    "after": _("after"),
    "state": _("state"),
    "mails_about_runs": _("e-mails about books"),
    "mails_about_comments": _("e-mails about comments"),
    "mails_about_members": _("e-mails about members"),
    "mails_about_limits": _("e-mails about limits"),
    "shortcuts": _("keyboard shortcuts of one key"),
    "display_name": _("name"),
}
WAYS = {
    "password": _("password"),
    "code": _("mailed code"),
    "mfa": _("second factor"),
    "totp": _("authenticator app"),
    "webauthn": _("passkey"),
    "recovery_codes": _("recovery codes"),
    "socialaccount": "Google",
    "google": "Google",
}
VALUES: dict[str, Any] = {
    "method": WAYS,
    "methods": WAYS,
    "kind": WAYS,
    "language": dict(Language.choices),
    "theme": dict(Theme.choices),
}

"""Addresses of a person's own pages."""

from django.urls import path

from accounts.views import (
    acting,
    activity,
    avatars,
    closing,
    consents,
    emails,
    privacy,
    profile,
    proof,
    security,
    sessions,
    unsubscribing,
)

app_name = "accounts"

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("picture/", avatars.picture, name="picture"),
    path("picture/remove/", avatars.picture_remove, name="picture_remove"),
    path("contact/", profile.contact, name="contact"),
    path("preferences/", profile.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/export/", privacy.export_request, name="export_request"),
    path("privacy/export/<uuid:request_id>/", privacy.export_download, name="export_download"),
    path("privacy/close/", closing.closing, name="closing"),
    path("prove/", proof.prove, name="prove"),
    path("security/", security.security, name="security"),
    path("security/google/unlink/", security.google_unlink, name="google_unlink"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end/", sessions.sessions_end, name="sessions_end"),
    path("sessions/<int:session_id>/end/", sessions.session_end, name="session_end"),
    path("email/confirm/", emails.email_confirm, name="email_confirm"),
    path("email/cancel/", emails.email_cancel, name="email_cancel"),
    path("consent/", consents.consent, name="consent"),
    path("activity/", activity.activity, name="activity"),
    path("theme/", profile.theme, name="theme"),
    path("acting/stop/", acting.acting_stop, name="acting_stop"),
]

"""Addresses of a person's own pages."""

from django.urls import path

from accounts.views import avatars, profile, security, sessions, unsubscribing

app_name = "accounts"

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("picture/", avatars.picture, name="picture"),
    path("picture/remove/", avatars.picture_remove, name="picture_remove"),
    path("contact/", profile.contact, name="contact"),
    path("preferences/", profile.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("security/", security.security, name="security"),
    path("security/google/unlink/", security.google_unlink, name="google_unlink"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end/", sessions.sessions_end, name="sessions_end"),
    path("sessions/<int:session_id>/end/", sessions.session_end, name="session_end"),
    path("consent/", consents.consent, name="consent"),
    path("theme/", profile.theme, name="theme"),
]

"""Addresses of a person's own pages."""

from django.urls import path

from accounts.views import profile, security, sessions

app_name = "accounts"

urlpatterns = [
    path("profile/", profile.profile, name="profile"),
    path("security/", security.security, name="security"),
    path("security/google/unlink/", security.google_unlink, name="google_unlink"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end/", sessions.sessions_end, name="sessions_end"),
    path("sessions/<int:session_id>/end/", sessions.session_end, name="session_end"),
    path("theme/", profile.theme, name="theme"),
]

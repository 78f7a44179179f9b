"""Addresses of a person's organizations, and of what several organizations share."""

from django.urls import path

from organizations.views import faces, landing, opening, switching

app_name = "organizations"

urlpatterns = [
    path("home/", landing.landing, name="landing"),
    path("organizations/", switching.mine, name="mine"),
    path("organizations/new/", opening.new, name="new"),
    path("people/<uuid:person_id>/<slug:version>-<int:size>.webp", faces.face, name="face"),
]

"""Addresses of a person's organizations, and of what several organizations share."""

from django.urls import path

from organizations.views import answering, faces, landing, opening, switching

app_name = "organizations"

urlpatterns = [
    path("home/", landing.landing, name="landing"),
    path("home/invitations/", answering.own_invitations, name="own_invitations"),
    path("home/invitations/<uuid:key_id>/", answering.own_invitation, name="own_invitation"),
    path("invitations/<str:token>/", answering.invitation, name="invitation"),
    path("organizations/", switching.mine, name="mine"),
    path("organizations/new/", opening.new, name="new"),
    path("people/<uuid:person_id>/<slug:version>-<int:size>.webp", faces.face, name="face"),
]

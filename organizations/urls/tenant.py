"""Addresses of an organization's own pages, below `/o/<slug>/`."""

from django.urls import path

from organizations.views import activity, branding, closing, invitations, members, permissions, settings, usage

app_name = "tenant"

urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/permissions/", permissions.permissions, name="permissions"),
    path("members/leave/", members.leave, name="leave"),
    path("members/invite/", invitations.invite, name="invite"),
    path("members/invitations/", invitations.invitations, name="invitations"),
    path("members/invitations/<uuid:invitation_id>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path("members/invitations/<uuid:invitation_id>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("members/<uuid:membership_id>/", members.member, name="member"),
    path("members/<uuid:membership_id>/suspend/", members.member_suspend, name="member_suspend"),
    path("members/<uuid:membership_id>/restore/", members.member_restore, name="member_restore"),
    path("members/<uuid:membership_id>/remove/", members.member_remove, name="member_remove"),
    path("members/<uuid:membership_id>/hand-over/", members.hand_over, name="hand_over"),
    path("settings/", settings.general, name="settings"),
    path("settings/looks/", branding.looks, name="looks"),
    path("settings/looks/logo/", branding.logo_change, name="logo_change"),
    path("settings/close/", closing.close, name="close"),
    path("settings/ordinary/", closing.ordinary, name="ordinary"),
    path("closed/", closing.closed, name="closed"),
    path("brand-<slug:digest>.css", branding.brand, name="brand"),
    path("logo-<slug:digest>.webp", branding.logo, name="logo"),
    path("activity/", activity.activity, name="activity"),
    path("activity/table/", activity.table, name="activity_table"),
    path("usage/", usage.usage, name="usage"),
]

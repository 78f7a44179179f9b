"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver
from django.views.generic import RedirectView

from accounts.views import closing, consents, privacy
from accounts.views.beta import invited
from accounts.views.emails import email
from accounts.views.google import google_callback
from accounts.views.profile import set_language
from accounts.views.security import set_password
from billing.views import webhooks
from billing.views.pricing import pricing
from books.views import front
from books.views.events import book_events, bundle_events, run_events
from core import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    path("pricing/", pricing, name="pricing"),
    path("help/", front.how, name="help"),
    path("robots.txt", front.robots, name="robots"),
    path("legal/<slug:kind>/", consents.legal, name="legal"),
    path("legal/<slug:kind>/<int:number>/", consents.legal, name="legal_version"),
    path("beta/<str:code>/", invited, name="beta_invite"),
    # What allauth shows on pages of its own stands on two pages of ours.
    path("accounts/2fa/", RedirectView.as_view(pattern_name="accounts:security"), name="account_factors"),
    path("accounts/2fa/webauthn/", RedirectView.as_view(pattern_name="accounts:security"), name="account_passkeys"),
    path("accounts/3rdparty/", RedirectView.as_view(pattern_name="accounts:security"), name="account_links"),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="accounts:sessions"), name="account_sessions"),
    path("accounts/email/", email, name="account_email"),  # in the place of allauth's own
    path("accounts/password/set/", set_password, name="account_set_password"),  # likewise
    path("accounts/oidc/google/login/callback/", google_callback, name="account_google_callback"),
    path("privacy/request/", privacy.ask, name="data_request"),
    path("data-confirm/<str:token>/", privacy.confirm, name="data_confirm"),
    path("data/<str:token>/", privacy.data, name="data"),
    path("reopen/<str:token>/", closing.reopen, name="reopen"),
    path("reopen-as/<str:token>/", closing.reopen_as, name="reopen_as"),
    path("accounts/", include("allauth.urls")),
    path("me/", include("accounts.urls")),
    path("", include("organizations.urls")),
    path("", include("books.urls.public")),
    path("o/<slug:slug>/", include("organizations.urls.tenant")),
    path("o/<slug:slug>/billing/", include("billing.urls")),
    path("o/<slug:slug>/", include("books.urls")),
    path("events/o/<slug:slug>/runs/<uuid:run_id>/", run_events, name="run_events"),
    path("events/o/<slug:slug>/books/<uuid:book_id>/", book_events, name="book_events"),
    path("events/o/<slug:slug>/bundles/<uuid:bundle_id>/", bundle_events, name="bundle_events"),
    path("webhooks/stripe/", webhooks.stripe, name="stripe_webhook"),
    path("files/<str:token>/", views.signed_file, name="signed_file"),
    path("language/", set_language, name="set_language"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics_page, name="metrics"),
    path("admin/", admin.site.urls),
]
if settings.MAIL_SINK_DIR:
    urlpatterns += [path("mail/", views.mail_sink, name="mail_sink")]

handler400 = "core.views.bad_request"
handler403 = "core.views.forbidden"
handler404 = "core.views.not_found"
handler500 = "core.views.broken"

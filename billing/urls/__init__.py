"""Addresses below `/o/<slug>/billing/`, one module per noun."""

from django.urls import path
from django.urls.resolvers import URLPattern

from billing.views import cards, checkout, home, payments, plans, usage, waiting
from billing.views import credits as credit_pages

app_name = "billing"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("plans/", plans.plans, name="plans"),
    path("plans/<uuid:price_id>/", plans.change, name="change"),
    path("cancel/", plans.cancel, name="cancel"),
    path("resume/", plans.resume, name="resume"),
    path("checkout/<uuid:price_id>/", checkout.checkout, name="checkout"),
    path("purchases/<uuid:purchase_id>/", waiting.purchase, name="purchase"),
    path("requests/<uuid:errand_id>/", waiting.errand, name="errand"),
    path("credits/", credit_pages.credits_page, name="credits"),
    path("credits/table/", credit_pages.table, name="credits_table"),
    path("payments/", payments.payments, name="payments"),
    path("cards/", cards.cards, name="cards"),
    path("cards/add/", cards.card_add, name="card_add"),
    path("cards/<uuid:card_id>/default/", cards.card_default, name="card_default"),
    path("cards/<uuid:card_id>/remove/", cards.card_remove, name="card_remove"),
    path("usage/", usage.usage, name="usage"),
    path("portal/", cards.portal, name="portal"),
]

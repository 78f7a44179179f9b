"""Where a signed-in person lands."""

from django.urls import path

from organizations.views import landing

app_name = "organizations"

urlpatterns = [path("home/", landing.landing, name="landing")]

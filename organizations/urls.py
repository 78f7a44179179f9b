"""Where a signed-in person lands."""

from django.urls import path

from organizations import views

app_name = "organizations"

urlpatterns = [path("home/", views.landing, name="landing")]

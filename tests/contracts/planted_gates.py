"""The site with one tenant page whose gate asks for another permission than the table of test_permissions says."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from config.urls import urlpatterns as real
from organizations.access import tenant_view


@tenant_view(needs="members.manage")
def narrowed(request: HttpRequest) -> HttpResponse:
    """Lets in who may manage members, where all who see them should be."""
    return HttpResponse()


planted = ([path("members/", narrowed, name="members")], "tenant")
urlpatterns = [*real, path("o/<slug:slug>/planted/", include(planted))]

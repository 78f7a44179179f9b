"""A person's own picture: brought and taken away. Shown by organizations.views.faces, which knows who may see it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions
from accounts.access import me
from accounts.forms.profile import PictureForm
from accounts.jobs import avatars
from accounts.views.profile import profile_page
from core.pictures import PictureRefused, reencoded


@require_POST
def picture(request: HttpRequest) -> HttpResponse:
    """Take a picture in place of the present one."""
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            drawn = reencoded(form.cleaned_data["picture"], avatars.SIZES)
        except PictureRefused as refused:
            form.add_error("picture", refused.message)
        else:
            actions.change_picture(person=me(request), stored=avatars.store(me(request).pk, drawn))
            messages.success(request, _("This is your picture now."))
            return redirect("accounts:profile")
    return profile_page(request, picture=form)


@require_http_methods(["GET", "HEAD", "POST"])
def picture_remove(request: HttpRequest) -> HttpResponse:
    """Ask, then go back to initials."""
    if request.method == "POST":
        actions.change_picture(person=me(request), stored="")
        messages.success(request, _("Your picture is removed."))
        return redirect("accounts:profile")
    return render(request, "accounts/picture_remove.html")

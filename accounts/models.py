"""People."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import UserManager
from core.models import Entity

EMAIL_LENGTH = 254


class Language(models.TextChoices):
    """Languages of the screens; each is named in itself."""

    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"


class Theme(models.TextChoices):
    """Colour scheme of the screens."""

    AUTO = "auto", _("Like my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(Entity, AbstractBaseUser, PermissionsMixin):
    """A person. The e-mail is the sign-in name, stored lower-cased, one account each."""

    email = models.EmailField(_("e-mail"), max_length=EMAIL_LENGTH, unique=True)
    display_name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    mails_about_runs = models.BooleanField(_("e-mail me when a book is written or stops"), default=True)
    shortcuts = models.BooleanField(_("keyboard shortcuts of one key"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower"),
            models.CheckConstraint(condition=models.Q(language__in=Language.values), name="person_language_known"),
            models.CheckConstraint(condition=models.Q(theme__in=Theme.values), name="person_theme_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What to call this person on screen: the chosen name, else the e-mail's local part."""
        return self.display_name or self.email.partition("@")[0]

    def get_full_name(self) -> str:
        """Django's and the admin's word for `name`."""
        return self.name

    def get_short_name(self) -> str:
        """Django's and the admin's word for `name`."""
        return self.name

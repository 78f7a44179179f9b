"""People."""

import re

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import URLValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.querysets import UserManager, called
from core.fields import EncryptedJSONField, EncryptedTextField
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
    """A person. The e-mail is the sign-in name, stored lower-cased, one account each.

    A closed account has given its e-mail back (`closed_at`, the place is held by an address nobody can have); an erased
    one keeps its row, without anything that says whose it was, for what refers to it.
    """

    email = models.EmailField(_("e-mail"), max_length=EMAIL_LENGTH, unique=True)
    display_name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    phone = EncryptedTextField(_("phone"), blank=True)
    # street, postcode, city, region, country (ISO 3166-1 alpha-2): each "" or missing when not given.
    postal_address = EncryptedJSONField(_("postal address"), blank=True, default=dict)
    bio = models.CharField(_("about me"), max_length=500, blank=True)
    company = models.CharField(_("company"), max_length=100, blank=True)
    job_title = models.CharField(_("job title"), max_length=100, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True, validators=[URLValidator(["http", "https"])])
    # Stored name of the larger picture; the smaller stands beside it (accounts.jobs.avatars).
    avatar = models.CharField(_("picture"), max_length=100, blank=True)
    mails_about_runs = models.BooleanField(_("e-mail me when a book is written or stops"), default=True)
    mails_about_members = models.BooleanField(_("e-mail me about my organizations' members"), default=True)
    mails_about_limits = models.BooleanField(_("e-mail me when a limit comes near"), default=True)
    mails_about_comments = models.BooleanField(_("e-mail me when somebody mentions me or answers me"), default=True)
    shortcuts = models.BooleanField(_("keyboard shortcuts of one key"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["-id"]
        indexes = [
            GinIndex(OpClass(called(), name="gin_trgm_ops"), name="person_search"),
            models.Index(called(), "id", name="person_by_name"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="person_email_lower"),
            models.CheckConstraint(condition=models.Q(language__in=Language.values), name="person_language_known"),
            models.CheckConstraint(condition=models.Q(theme__in=Theme.values), name="person_theme_known"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(is_active=False), name="person_closed_inactive"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(closed_at__isnull=False),
                name="person_erased_after_closing",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What to call this person on screen: the chosen name, else the e-mail's local part."""
        if self.erased_at or (self.closed_at and not self.display_name):  # the address names them no more
            return gettext("Somebody who has left")
        return self.display_name or self.email.partition("@")[0]

    @property
    def initials(self) -> str:
        """One or two letters that stand for the person where there is no picture."""
        words = [word for word in re.split(r"[\s._-]+", self.name) if word[:1].isalnum()]
        return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"

    @property
    def picture_version(self) -> str:
        """What names the present picture in its address; "" without one."""
        return self.avatar.rpartition("/")[2].partition("-")[0]

    def get_full_name(self) -> str:
        """Django's and the admin's word for `name`."""
        return self.name

    def get_short_name(self) -> str:
        """Django's and the admin's word for `name`."""
        return self.name

"""Tenants, and the base of every row that belongs to one."""

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Entity
from organizations.querysets import OrganizationQuerySet, TenantQuerySet

HEX_COLOR = "^#[0-9a-f]{6}$"


class Typeface(models.TextChoices):
    """Faces of headings that every page has at hand."""

    SERIF = "serif", _("Serif")
    SANS = "sans", _("Sans serif")


class Organization(Entity):
    """A tenant. It carries no content of its own, so it is readable before a tenant is declared (rulings 4)."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    personal_of = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="personal_organization",
        verbose_name=_("personal organization of"),
    )

    description = models.CharField(_("description"), max_length=500, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True, validators=[URLValidator(["http", "https"])])
    language = models.CharField(_("language"), max_length=2, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    # Stored name of the re-encoded picture.
    logo = models.CharField(_("logo"), max_length=100, blank=True)
    # Of buttons and links, on light and on dark ground, in the shape of HEX_COLOR; empty for our own.
    accent = models.CharField(_("colour on light ground"), max_length=7, blank=True)
    accent_dark = models.CharField(_("colour on dark ground"), max_length=7, blank=True)
    typeface = models.CharField(_("typeface of headings"), max_length=5, choices=Typeface, default=Typeface.SERIF)
    # Closed for 30 days, in which an owner can undo it; then erased, but for what law keeps.
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    erase_at = models.DateTimeField(_("to be erased"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["erase_at"],
                condition=models.Q(erase_at__isnull=False, erased_at__isnull=True),
                name="organization_to_erase",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accent="") | models.Q(accent__regex=HEX_COLOR), name="organization_accent_color"
            ),
            models.CheckConstraint(
                condition=models.Q(accent_dark="") | models.Q(accent_dark__regex=HEX_COLOR),
                name="organization_accent_dark_color",
            ),
            models.CheckConstraint(
                condition=models.Q(typeface__in=Typeface.values), name="organization_typeface_known"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, erase_at__isnull=True)
                | models.Q(closed_at__isnull=False, erase_at__isnull=False),
                name="organization_closing_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(closed_at__isnull=False),
                name="organization_erased_after_closing",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormerSlug(Entity):
    """An address an organization had before: it leads on to the present one, and nobody else can take it."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="former_slugs", verbose_name=_("organization")
    )

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.slug


class TenantRow(Entity):
    """Base of every row that belongs to an organization: read through `.of(organization)`, guarded by the database."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, verbose_name=_("organization"))

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True

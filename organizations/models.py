"""Tenants, who belongs to them, and how much they may use."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Entity
from organizations.querysets import OrganizationQuerySet, TenantQuerySet


class Role(models.TextChoices):
    """What a member may do, by ruling 22's matrix."""

    OWNER = "owner", _("owner")
    ADMIN = "admin", _("admin")
    MEMBER = "member", _("member")
    GUEST = "guest", _("guest")


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

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class TenantRow(Entity):
    """Base of every row that belongs to an organization: read through `.of(organization)`, guarded by the database."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, verbose_name=_("organization"))

    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True


class Membership(Entity):
    """A person's place in an organization: the resolver that says which tenant a request may declare (rulings 4)."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, verbose_name=_("organization"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.MEMBER)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "person"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} ({self.get_role_display()})"


class Limits(TenantRow):
    """How much an organization may use, as data: written by staff now and by plans later; None is unlimited."""

    plan = models.CharField(_("plan"), max_length=20, default="FREE")
    members = models.PositiveIntegerField(_("members"), null=True, blank=True, default=1)
    books = models.PositiveIntegerField(_("books"), null=True, blank=True, default=10)
    books_a_month = models.PositiveIntegerField(_("books a month"), null=True, blank=True, default=5)
    storage_bytes = models.PositiveBigIntegerField(_("storage (bytes)"), null=True, blank=True, default=10**9)
    api_requests_an_hour = models.PositiveIntegerField(_("API requests an hour"), null=True, blank=True, default=100)
    generations_a_month = models.PositiveIntegerField(
        _("personalized generations a month"), null=True, blank=True, default=100
    )

    class Meta:
        verbose_name = _("limits")
        verbose_name_plural = _("limits")
        constraints = [models.UniqueConstraint(fields=["organization"], name="limits_once")]

    def __str__(self) -> str:
        return self.plan

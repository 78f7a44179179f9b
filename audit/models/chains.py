"""What proves the trail: the end of each chain, and what stands for the entries that were sealed away.

Written by PostgreSQL's own functions and by the owner role alone: the application's roles may not even insert here.
"""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

NOBODY = UUID(int=0)  # the chain of what belongs to no organization


class Chain(models.Model):
    """How far the chain of one organization (or of NOBODY) is linked. A row is locked by whoever links to it."""

    chain = models.UUIDField(_("organization"), primary_key=True)
    sequence = models.BigIntegerField(_("last place"))
    hash = models.BinaryField()
    updated = models.DateTimeField(_("updated"))
    # Entries that one transaction has linked by itself: from a hundred on it leaves them to audit_link().
    burst = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("chain")
        verbose_name_plural = _("chains")

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"


class Seal(models.Model):
    """One partition of the trail that was moved to storage: its archive, and the SHA-256 of that file."""

    partition = models.CharField(_("partition"), max_length=63, primary_key=True)
    archive = models.CharField(_("archive"), max_length=200)
    sha256 = models.CharField("SHA-256", max_length=64)
    entries = models.BigIntegerField(_("entries"))
    sealed_at = models.DateTimeField(_("sealed"), auto_now_add=True)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["partition"]

    def __str__(self) -> str:
        return self.partition


class Anchor(models.Model):
    """Stands in a chain for entries first … last that were sealed away, so that what follows still hangs on them.

    `previous` is the hash before the first, `hash` that of the last. One chain may have several of one partition:
    around the turn of a quarter entries may be linked in another order than their ids.
    """

    seal = models.ForeignKey(Seal, on_delete=models.CASCADE, related_name="anchors", verbose_name=_("seal"))
    chain = models.UUIDField(_("organization"))
    first = models.BigIntegerField(_("first place"))
    last = models.BigIntegerField(_("last place"))
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        verbose_name = _("anchor")
        verbose_name_plural = _("anchors")
        constraints = [models.UniqueConstraint(fields=["chain", "first"], name="audit_anchor_place")]

    def __str__(self) -> str:
        return f"{self.chain} {self.first}–{self.last}"

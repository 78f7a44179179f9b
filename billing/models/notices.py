"""What people were told, so that a letter about one fact goes out once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import TenantRow


class Notice(TenantRow):
    """One letter about one fact: `reference` names the fact (“trial_ending:<subscription>:<day>”), ids alone."""

    reference = models.CharField(_("reference"), max_length=200)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["organization", "reference"], name="notice_once")]

    def __str__(self) -> str:
        return self.reference

"""The trail, the chains that prove it, what was sealed away of it, and who has to be told."""

from audit.models.alerts import Alert
from audit.models.chains import NOBODY, Anchor, Chain, Seal
from audit.models.entries import Entry, Severity

__all__ = ["NOBODY", "Alert", "Anchor", "Chain", "Entry", "Seal", "Severity"]

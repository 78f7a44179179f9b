"""A card that will not do for the next payment."""

from django.utils.translation import gettext as _

from billing.models import SavedCard, Subscription
from billing.transitions.letters.sending import Letter, Rows, plan_rows, send, told


def card_expiring(card: SavedCard, subscription: Subscription) -> None:
    """That the card a plan is paid with expires with this month; said once for each of its dates."""
    if not told(card.organization, f"card:{card.pk}:{card.exp_year}-{card.exp_month:02d}"):
        return

    def rows() -> Rows:
        expires = [(_("Card"), str(card)), (_("Expires"), f"{card.exp_month:02d}/{card.exp_year}")]
        return expires + plan_rows(subscription.price, next_payment=subscription.period_end)

    said = {"card": card, "plan": subscription.price.plan}
    send(card.organization, Letter("card_expiring", said, rows, ("billing:cards", ())))

"""What happens to a tenant that rooms above must know: sent by actions, received above, inside the same transaction."""

from django.dispatch import Signal

# organization. Before it is closed: a receiver raises DomainError to veto it, with the reason.
organization_closing = Signal()
# organization. Its 30 days are over: each room erases what it keeps for it, in the declared tenant.
organization_erased = Signal()

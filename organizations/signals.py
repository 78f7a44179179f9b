"""What happens to a tenant that rooms above must know, sent by actions and jobs, received in their transaction."""

from django.dispatch import Signal

# organization. It has just been opened, in the declared tenant; personal ones too.
organization_opened = Signal()
# organization, by (User). Before it is closed, in the declared tenant: a receiver stops its work, or raises a
# DomainError to veto the closing, with the reason.
organization_closing = Signal()
# organization. Its 30 days are over: each room erases some of what it keeps for it, in the declared tenant, and returns
# whether more is left. Sent again, each time in a transaction of its own, until nobody has more.
organization_erased = Signal()

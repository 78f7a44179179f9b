"""What happens to a person that rooms above must know: sent by actions, received above, inside the same transaction."""

from django.dispatch import Signal

# person: accounts.User. Sent once, when an account is opened.
person_opened = Signal()
# person: accounts.User. Asked before an account is closed, and by the page that lists the answers: a receiver changes
# nothing and returns what stands in the way, an iterable of accounts.queries.closing.Obstacle.
person_closing = Signal()
# person: accounts.User. The account is being closed, or comes back: what is theirs alone follows.
person_closed = Signal()
person_reopened = Signal()
# person: accounts.User, export: accounts.jobs.exporting.Export. Each room adds what it keeps about the person.
person_exported = Signal()
# person: accounts.User, email: the address they had, record: accounts.transitions.erasing.Record. Each room erases some
# of what it keeps, says what, and returns whether more is left. Sent again, each time in a transaction of its own,
# until nobody has more.
person_erased = Signal()
# email: str, and export or record: the same two, for somebody without an account.
address_exported = Signal()
address_erased = Signal()

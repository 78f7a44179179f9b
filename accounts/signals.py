"""What happens to a person that rooms above must know: sent by actions, received above, inside the same transaction."""

from django.dispatch import Signal

# person: accounts.User. Sent once, when an account is opened.
person_opened = Signal()
# person: accounts.User. Before an account is closed: a receiver raises DomainError to veto it, with the reason.
person_closing = Signal()
# person: accounts.User, export: accounts.jobs.exporting.Export. Each room adds what it keeps about the person.
person_exported = Signal()
# person: accounts.User, certificate: accounts.transitions.erasing.Record. Each room erases what it keeps, and says so.
person_erased = Signal()
# email: str, export / certificate: the same two, for somebody without an account.
address_exported = Signal()
address_erased = Signal()

"""What happens to a person that rooms above must know: sent by actions, received above, inside the same transaction."""

from django.dispatch import Signal

# person: accounts.User — sent once, when an account is opened.
person_opened = Signal()

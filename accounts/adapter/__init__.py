"""How allauth behaves here: people, Google, second factors."""

from accounts.adapter.google import GoogleAdapter
from accounts.adapter.people import AccountAdapter
from accounts.adapter.second_factor import SecondFactorAdapter

__all__ = ["AccountAdapter", "GoogleAdapter", "SecondFactorAdapter"]

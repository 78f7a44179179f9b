"""Whether somebody signed in has proved who they are once more, where allauth has no way to ask them.

It knows the password and second factors. Who has neither (Google alone, mailed codes alone) is asked for a mailed code.
"""

import time

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.http import HttpRequest


def is_missing(request: HttpRequest) -> bool:
    """Whether this person can prove it by a mailed code alone, and has not within the last minutes."""
    if not request.user.is_authenticated or get_reauthentication_flows(request.user):
        return False
    given = [one["at"] for one in get_authentication_records(request, request.user) if one.get("reauthenticated")]
    return not given or time.time() - given[-1] >= app_settings.REAUTHENTICATION_TIMEOUT

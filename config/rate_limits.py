"""How often each door may be tried: door → what is counted → (times, seconds). core.rate_limits counts by it."""

MINUTE, HOUR = 60, 3600

RATE_LIMITS: dict[str, dict[str, tuple[int, int]]] = {
    "sign_in": {"address": (10, MINUTE), "account": (5, 5 * MINUTE)},
    "sign_up": {"address": (10, MINUTE), "account": (5, HOUR)},
    "code_request": {"address": (10, MINUTE), "account": (5, 15 * MINUTE)},
    "code_entry": {"address": (20, MINUTE)},  # of one code: three tries, which allauth counts
    "reauthenticate": {"address": (20, MINUTE), "account": (5, 5 * MINUTE)},
    "second_factor": {"address": (10, MINUTE), "account": (5, 5 * MINUTE)},
    "email_change": {"address": (10, MINUTE), "account": (5, HOUR)},
    "data_request": {"address": (10, HOUR), "account": (3, HOUR)},
    # Letters that comments send: by who writes them, and to one person.
    "comment_letter": {"writer": (120, HOUR), "reader": (30, HOUR)},
    "invitation": {"account": (5, HOUR), "organization": (200, HOUR)},
    "collaborator": {"account": (5, HOUR), "giver": (100, HOUR)},
    # What is written into the trail of deliveries that nobody signed; what is more is answered the same.
    "forged_delivery": {"address": (10, MINUTE)},
    "share_password": {"address": (10, MINUTE), "link": (30, 5 * MINUTE)},
}

"""Texts of other packages that our catalogue translates itself, named here for bin/messages to find.

Nothing imports this module: gettext asks the project's own catalogue first, whoever marked a text. Unfold ships no
translations; Django and allauth call an e-mail address by different words in French, on one and the same form.
"""

from django.utils.translation import gettext_noop as _

UNFOLD = (
    _("Add row"),
    _("All applications"),
    _("Apply Filters"),
    _("Choose file to upload"),
    _("Click to cancel"),
    _("Clear all filters"),
    _("Collapse"),
    _("Expand row"),
    _("False"),
    _("Filters"),
    _("Go back"),
    _("Loading more results..."),
    _("More actions"),
    _("No data"),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Recent searches"),
    _("Reset filters"),
    _("Return to site"),
    _("Run"),
    _("Search apps and models..."),
    _("Select action to run"),
    _("Select action"),
    _("Select all rows"),
    _("Select record"),
    _("Select value"),
    _("System"),
    _("This item will be deleted."),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("Toggle password visibility"),
    _("True"),
    _("Type to search"),
    _("Welcome back to"),
    _("You have been successfully logged out from the administration"),
)

FORMS = (
    _("Email"),
    _("Enter a valid email address."),
)

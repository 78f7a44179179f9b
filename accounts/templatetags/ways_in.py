"""Which ways in a page can offer."""

from django import template

from accounts.queries.security import is_google_offered

register = template.Library()
register.simple_tag(is_google_offered, name="google_offered")

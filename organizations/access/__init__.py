"""Who may: the tenant gate, and the pages behind the link of an offered place (organizations.access.offers)."""

from organizations.access.gate import Member, Moved, TenantRequest, last_entered, resolve, tenant_view

__all__ = ["Member", "Moved", "TenantRequest", "last_entered", "resolve", "tenant_view"]

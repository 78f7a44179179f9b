"""Pages of plans, payments and credits."""

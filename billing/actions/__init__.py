"""What people ask of billing, and what rooms above ask of credits."""

"""How fast the site is, as ratios to something measured in the same run: `bin/bench` prints them and judges nothing."""

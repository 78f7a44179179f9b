"""What happens when processes and services die in the middle: real ones, killed for real."""

"""The plans, one a file."""

"""The people who use the platform while it moves."""

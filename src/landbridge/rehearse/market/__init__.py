"""The market that loads the platform: its feeds, what they sent, and what became of it."""

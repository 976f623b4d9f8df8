"""Whether two copies are the same, measured by reading both."""

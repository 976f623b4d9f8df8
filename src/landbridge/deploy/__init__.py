"""Puts the committed templates into a region, and takes them out again; knows nothing of CDK."""

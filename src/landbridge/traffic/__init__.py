"""Where reads go: weights, probes, and what users were answered."""

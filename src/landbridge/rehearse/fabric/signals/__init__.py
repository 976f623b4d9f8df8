"""Managed Flink as the rehearsal plays it: the deployed signals application, computed by our own engine."""

"""The whole migration on one machine: emulated regions, what AWS does between them, live users, faults, and a verdict."""

"""Frozen specs and one loader; a bad file is refused at the door, naming file, key, value and fix."""

"""Rehearsals run as a user runs them."""

"""The trading platform: one module a stack, one concern a stack."""

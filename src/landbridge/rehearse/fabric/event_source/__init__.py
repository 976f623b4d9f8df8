"""Kinesis event source mappings as Lambda's own pollers run them: the emulator's lose records silently."""

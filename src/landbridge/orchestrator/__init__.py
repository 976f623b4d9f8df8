"""The engine's entry in AWS: what its state machine calls, and what watches that somebody does."""

"""The engine's hand on the world: its ports over wires that fail."""

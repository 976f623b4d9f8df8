"""The engine's ports, played by AWS."""

"""The dry run: the engine's ports, played by a world that only tells what would be done to it."""

"""The engine: a plan of small reversible steps, ticked forward or back, with everything it knows in a journal."""

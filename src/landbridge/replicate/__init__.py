"""How each store gets its copy on the other side, and how far that copy is behind."""

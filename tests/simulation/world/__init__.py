"""Two regions as they really behave: what stands in them, and what travels between them."""

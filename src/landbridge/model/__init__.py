"""The shared words. Standard library only: the functions in the customer's account import this room too."""

"""The protocol under everything a seed can make go wrong."""

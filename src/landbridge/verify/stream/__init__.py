"""A live stream and its mirror on the other side, proved to hold the same records in the same order."""

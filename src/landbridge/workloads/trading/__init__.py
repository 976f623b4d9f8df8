"""The dashboard API of the trading platform: reads from the local copy, writes where the pen is."""

"""The functions of the trading platform: each write is kept where its pen is, each read is answered from the local copy."""

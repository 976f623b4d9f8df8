"""The payments service: an ASGI application for payments, sessions and uploads, the same in every region."""

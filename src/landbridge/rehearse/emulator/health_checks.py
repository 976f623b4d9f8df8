"""At the door: Route 53's health checks, of which the emulator loses the children and every yes or no.

It reads a child one element too deep, and writes `True` where XML has `true`, which clients take for a no. Lost, a check
that counts others would always be well, and an inverted one would say the opposite.
"""

import re

PATH = re.compile(r"/2013-04-01/healthcheck(?:[/?].*)?")
CHILD = re.compile(rb"(<ChildHealthCheck>.*?</ChildHealthCheck>)")
TOLD = re.compile(rb">(True|False)<")


def concerns(raw_path: str) -> bool:
    """Whether a request is about health checks."""
    return PATH.fullmatch(raw_path) is not None


def asked(body: bytes) -> bytes:
    """The request with each child where the emulator reads it."""
    return CHILD.sub(rb"<ChildHealthCheck>\1</ChildHealthCheck>", body)


def answered(_status: int, body: bytes) -> bytes:
    """The answer with yes and no as XML has them."""
    return TOLD.sub(lambda found: b">" + found[1].lower() + b"<", body)

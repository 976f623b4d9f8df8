"""Errors and differences as a person reads them: one sentence, with the way out."""

import pytest

from landbridge.model.errors import BadInput, ChainBroken, LandbridgeError, LeaseHeld, Overtaken, Refused, Unreachable
from landbridge.model.measure import Difference, Kind, Side

SENTENCES: list[tuple[LandbridgeError, str]] = [
    (BadInput("a.toml: x", "is missing", "add it"), "a.toml: x: is missing; add it"),
    (Unreachable("eu-west-1", "PutItem"), "eu-west-1 did not answer (PutItem); the next look will tell"),
    (Refused("eu-west-1", "PutItem", "AccessDenied"), "PutItem was refused in eu-west-1: AccessDenied"),
    (Overtaken("eu-west-1", "the pen", 3, 9), "the pen in eu-west-1 already stands at turn 9, so turn 3 changed nothing"),
    (
        LeaseHeld("one", 2, 110.0, 100.0),
        "engine one holds the lease (term 2, 10 s left); let it work, or stop it and try again when the lease has run out",
    ),
    (
        LeaseHeld("one", 2, 90.0, 100.0),
        "engine one holds the lease (term 2, 0 s left); let it work, or stop it and try again when the lease has run out",
    ),
    (
        ChainBroken("prod", 7, "it does not follow"),
        "journal prod is broken at record 7: it does not follow; stop and have it examined before anything moves",
    ),
]


@pytest.mark.parametrize(
    ("error", "sentence"), [pytest.param(e, s, id=f"{type(e).__name__}-{n}") for n, (e, s) in enumerate(SENTENCES)]
)
def test_errors_are_sentences(error: LandbridgeError, sentence: str) -> None:
    """What is wrong, where, and what to do."""
    assert str(error) == sentence


def test_differences_name_key_and_side() -> None:
    """And sort by store and key."""
    missing = Difference("state", "ada/main", Side.TARGET, Kind.MISSING)
    assert str(missing) == "state ada/main: missing at the target"
    assert min(Difference("state", "b", Side.SOURCE, Kind.MISSING), missing) == missing

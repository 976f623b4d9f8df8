"""The errors a caller treats differently. Each carries its fields; the command line turns them into one sentence."""

from dataclasses import dataclass


class LandbridgeError(Exception):
    """Anything the product says no with; `str()` of it is one clear sentence with the way out."""


@dataclass
class BadInput(LandbridgeError):
    """Something the operator wrote can't be used; nothing was changed."""

    where: str
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.fix}"


@dataclass
class Unreachable(LandbridgeError):
    """A region, or a service in it, gave no answer: the outcome of the call is unknown."""

    region: str
    what: str

    def __str__(self) -> str:
        return f"{self.region} did not answer ({self.what}); the next look will tell"


@dataclass
class Refused(LandbridgeError):
    """The world said no to an act, with its own words."""

    region: str
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.what} was refused in {self.region}: {self.why}"


class Stopped(LandbridgeError):
    """Somebody asked for an end while this was waiting; what is under way in AWS goes on there by itself."""


@dataclass
class Overtaken(LandbridgeError):
    """An act came late: a newer turn already stands where it wanted to write, so it changed nothing."""

    region: str
    item: str
    turn: int
    standing: int

    def __str__(self) -> str:
        return f"{self.item} in {self.region} already stands at turn {self.standing}, so turn {self.turn} changed nothing"


@dataclass
class LeaseHeld(LandbridgeError):
    """Another engine holds the journal's lease; this one must not act."""

    holder: str
    term: int
    until: float
    now: float

    def __str__(self) -> str:
        left = max(0.0, self.until - self.now)
        return (
            f"engine {self.holder} holds the lease (term {self.term}, {left:.0f} s left); "
            "let it work, or stop it and try again when the lease has run out"
        )


@dataclass
class DeployHeld(LandbridgeError):
    """Somebody else deploys or destroys this platform; nothing was begun here, or nothing more is."""

    holder: str
    since: str
    beat_seconds: float

    def __str__(self) -> str:
        return (
            f"{self.holder} has been deploying since {self.since} (last sign of life {self.beat_seconds:.0f} s ago); "
            "wait for it, or stop it and try again in a minute"
        )


@dataclass
class MoveUnderWay(LandbridgeError):
    """The platform is being moved; nothing was deployed or destroyed beside it."""

    plan: str
    since: str
    starter: str

    def __str__(self) -> str:
        return f"{self.plan} has been under way since {self.since}, begun by {self.starter}; wait until it has ended, or abort it"


@dataclass
class Lapsed(LandbridgeError):
    """An act that nothing can fence was not sent: its time under the lease had run out since the engine looked."""

    step: str
    why: str

    def __str__(self) -> str:
        return f"{self.step} sends nothing now: {self.why}"


@dataclass
class ChainBroken(LandbridgeError):
    """A journal record does not follow from the one before it; nothing may be built on this chain."""

    chain: str
    number: int
    why: str

    def __str__(self) -> str:
        return (
            f"journal {self.chain} is broken at record {self.number}: {self.why}; stop and have it examined before anything moves"
        )

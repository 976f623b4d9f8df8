"""Who decides: on an account whom AWS knows by the credentials, in a rehearsal the system's user; in an emergency somebody."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from tests.builders import trading
from tests.fakes import SOURCE, Clock
from tests.unit.cli.test_main import run_verb

from landbridge.aws.clients import Clients
from landbridge.cli import panic
from landbridge.cli.exits import Exit
from landbridge.cli.principal import principal, user
from landbridge.migrate.adapters.compose import Migration
from landbridge.model.errors import Unreachable
from landbridge.model.region import Region

ARN = "arn:aws:sts::111122223333:assumed-role/operator/ada"


@dataclass
class Tokens:
    """AWS's own word, or none."""

    silent: bool = False

    def get_caller_identity(self) -> dict[str, str]:
        """Whose credentials these are."""
        if self.silent:
            raise ConnectTimeoutError(endpoint_url="https://sts")
        return {"Arn": ARN}


@dataclass(frozen=True)
class Known(Clients):
    """Clients of an account, which can be asked that one thing."""

    tokens: Tokens = field(default_factory=Tokens)

    def client(self, service: str, region: Region, *, retries: bool = True) -> Any:
        """In the journal's region alone."""
        assert (service, region, retries) == ("sts", "eu-west-1", True)
        return self.tokens


def moving(clients: Clients) -> Migration:
    """A move by these clients."""
    clock = Clock()
    return Migration(clients, trading(), Path("templates"), clock, clock.sleep)


def test_on_an_account_it_is_whom_aws_knows() -> None:
    """Two people on one machine are two, and one person on two machines is one."""
    assert principal(moving(Known())) == ARN


def test_in_a_rehearsal_it_is_the_systems_user() -> None:
    """Its world takes any credentials."""
    assert principal(moving(Known(dict.fromkeys((SOURCE,), "http://127.0.0.1:9")))) == user()


def test_who_is_not_known_decides_nothing() -> None:
    """A name made up could approve what its bearer began."""
    with pytest.raises(Unreachable):
        principal(moving(Known(tokens=Tokens(silent=True))))


@pytest.mark.parametrize(("silent", "who"), [(False, ARN), (True, user())])
def test_a_panic_waits_for_no_name(silent: bool, who: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001
    """It is told by whom if AWS says so, and by the system's user if not."""
    told: list[tuple[object, ...]] = []

    class Switch:
        """Hears who turned what off."""

        def turn_off(self, *asked: object) -> str:
            """Noted."""
            told.append(asked)
            return "off"

    made = moving(Known(tokens=Tokens(silent=silent)))
    made.__dict__["read_switch"] = Switch()
    monkeypatch.setattr(panic, "migration_of", lambda _run, _templates: made)
    assert run_verb(monkeypatch, "panic", "run", "us-east-1", "--why", "it answers wrongly") == Exit.DONE
    assert told == [("us-east-1", who, "it answers wrongly")]

"""What an operator of the stacks names is understood, or refused in one sentence before anything is done."""

from pathlib import Path

import boto3
import pytest
from tests.unit.deploy.fakes import PLATFORM, CloudFormation, deployer

from landbridge.cli.choice import Choice, adopting, chosen, credentials
from landbridge.deploy.graph import Place
from landbridge.model.errors import BadInput
from landbridge.model.region import Region

SOURCE, TARGET = Region(PLATFORM.source), Region(PLATFORM.target)


def _choice(*, regions: list[str] | None = None, only: list[str] | None = None, adopt: list[str] | None = None) -> Choice:

    return Choice("trading", regions, only, Path("config"), Path("templates"), None, None, adopt=adopt)


def test_what_is_named_is_chosen() -> None:
    """Nothing named is everything."""
    made, _ = deployer(CloudFormation())
    for choice in (_choice(), _choice(regions=[SOURCE]), _choice(only=["tables"], regions=[SOURCE, SOURCE])):
        assert list(chosen(made.graph, choice).needs) == [Place("tables", SOURCE)]


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        (_choice(adopt=["tables"]), "--adopt: takes over in one region; name it by --region"),
        (_choice(adopt=["tables"], regions=[SOURCE, TARGET]), "takes over in one region"),
        (_choice(adopt=["tables"], regions=[PLATFORM.journal]), "is neither source nor target"),
        (_choice(adopt=["chairs"], regions=[TARGET]), "chairs: is no stack of this platform"),
    ],
)
def test_what_can_not_be_taken_over_is_refused(choice: Choice, why: str) -> None:
    """A region too many, none, a wrong one, a stack nobody knows."""
    made, _ = deployer(CloudFormation())
    with pytest.raises(BadInput, match=why):
        adopting(made, choice)


def test_the_other_side_may_take_over() -> None:
    """Though the stack has no place there yet."""
    made, _ = deployer(CloudFormation())
    assert list(adopting(made, _choice(adopt=["tables"], regions=[TARGET])).needs) == [Place("tables", TARGET)]


def test_without_credentials_it_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of waiting for a region that seems silent; a profile nobody made is named."""
    monkeypatch.setattr(boto3.session.Session, "get_credentials", lambda _: None)
    with pytest.raises(BadInput, match="there are none; log in to the account"):
        credentials(None)
    with pytest.raises(BadInput, match="nobody"):
        credentials("nobody")

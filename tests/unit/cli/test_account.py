"""A verb that leads a move takes a rehearsal's folder, or a platform's own file: then it leads on the account at hand."""

from pathlib import Path

import pytest
from tests.unit.cli.test_main import run_verb

from landbridge.cli.exits import Exit
from landbridge.cli.migrate import migration_of, moving_of
from landbridge.deploy.manifest import Manifest
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.adapters.payments import PaymentsMigration
from landbridge.model.errors import BadInput

LEADS = ("migrate RUN", "failback RUN", "retire RUN", "seize RUN --accept-loss", "panic RUN us-east-1")
ASKS = ("pause RUN", "resume RUN", "hold RUN shift_reads.25", "approve RUN shift", "abort RUN --why late")
VERBS = (*LEADS, *ASKS, "status RUN", "status RUN --json", "journal verify RUN")
CONFIG, TEMPLATES = Path("config"), Path("templates")


@pytest.fixture(name="account")
def _account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Somebody is logged in."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")


@pytest.mark.usefixtures("account")
def test_a_platforms_file_leads_on_the_account() -> None:
    """With AWS's own addresses, and every stack that is committed."""
    moving = moving_of(CONFIG / "trading.toml", TEMPLATES)
    assert isinstance(moving, Migration)
    assert moving.clients.endpoints == {}
    assert moving.deployer.manifest == Manifest.read(TEMPLATES)


@pytest.mark.usefixtures("account")
def test_the_file_says_which_platform_it_is() -> None:
    """Payments have no pens, and the verbs that move pens refuse them."""
    file = CONFIG / "payments.toml"
    moving = moving_of(file, TEMPLATES)
    assert isinstance(moving, PaymentsMigration)
    assert moving.front is None
    with pytest.raises(BadInput, match="is of the payments platform, which has no pens"):
        migration_of(file, TEMPLATES)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_takes_the_account_and_asks_nothing_without_credentials(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From any machine, by the platform's file alone; one sentence, before any call."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    before, _, after = verb.partition(" RUN")
    assert run_verb(monkeypatch, *before.split(), "config/trading.toml", *after.split()) == Exit.BAD_INPUT
    assert "AWS credentials: there are none; log in to the account" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """And how to find it."""
    assert run_verb(monkeypatch, "migrate", "config/nothing.toml") == Exit.BAD_INPUT
    assert "config/nothing.toml: there is no such file" in capsys.readouterr().err

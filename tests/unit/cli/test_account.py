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
@pytest.mark.parametrize("verb", ["migrate", "status", "failback", "retire"])
def test_without_credentials_nothing_is_asked(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence, before any call."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert run_verb(monkeypatch, verb, "config/trading.toml") == Exit.BAD_INPUT
    assert "AWS credentials: there are none; log in to the account" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """And how to find it."""
    assert run_verb(monkeypatch, "migrate", "config/nothing.toml") == Exit.BAD_INPUT
    assert "config/nothing.toml: there is no such file" in capsys.readouterr().err

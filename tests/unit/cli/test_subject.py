"""Which platform a verb is about, and in which configuration, is understood or refused in one sentence."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.house.places import ROOT

from landbridge.cli.choice import Choice
from landbridge.cli.subject import Subject
from landbridge.config.expansion import Expansion, Serving
from landbridge.config.load import load
from landbridge.model.errors import BadInput
from landbridge.model.region import Region
from landbridge.rehearse.run_folder import RunFolder

PAYMENTS = Choice("payments", None, None, None, ROOT / "templates", None, None)


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verb is run from the project's folder."""
    monkeypatch.chdir(ROOT)


def test_each_platform_has_its_own_templates_and_file() -> None:
    """Without an option; only one of them is moved by an engine."""
    payments, trading = Subject.of(PAYMENTS), Subject.of(replace(PAYMENTS, platform="trading"))
    assert (payments.manifest.platform, trading.manifest.platform) == ("payments", "trading")
    assert (payments.moves, payments.grows is not None, trading.moves is not None) == (None, True, True)
    assert payments.regional(Region("us-east-2"))["network.VpcCidr"] == "10.21.0.0/16"


def test_a_rehearsals_own_configuration_counts_for_its_world(tmp_path: Path) -> None:
    """With what was overridden there; a file that is named counts more."""
    shipped = load(ROOT / "config" / "payments.toml", Expansion)
    digest = f"sha256:{'1' * 64}"
    RunFolder(tmp_path).keep_expansion(shipped.model_copy(update={"serving": Serving(image_digest=digest)}))
    here = replace(PAYMENTS, run=tmp_path)
    named = replace(here, config=Path("config/payments.toml"))
    lacking = [sum("image" in lack for lack in Subject.of(choice).lacks()) for choice in (here, named)]
    assert lacking == [0, 1]


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        (replace(PAYMENTS, platform="weather"), "weather: is no platform of these templates; name trading or payments"),
        (replace(PAYMENTS, stacksets=True), "--stacksets: is for the trading platform"),
        (
            replace(PAYMENTS, config=Path("config/trading.toml")),
            "config/trading.toml: shift: the last weight is the target's share",
        ),
    ],
)
def test_what_can_not_be_meant_is_refused(choice: Choice, sentence: str) -> None:
    """Where, what and the way out."""
    with pytest.raises(BadInput) as told:
        Subject.of(choice)
    assert str(told.value).startswith(sentence)

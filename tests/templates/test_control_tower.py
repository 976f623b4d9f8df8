"""AWS Control Tower's proactive rules find nothing that has no written reason (RU-11)."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from tests.templates.conftest import COMMITTED, committed
from tests.templates.control_tower import ControlTower
from tests.templates.planted import Change, drop, put
from tests.templates.reasons import acknowledged

Templates = Mapping[str, Any]


@pytest.fixture(scope="module")
def control_tower(tmp_path_factory: pytest.TempPathFactory) -> ControlTower:
    """Unpacked once."""
    return ControlTower(tmp_path_factory.mktemp("control-tower"))


def test_ru_11_what_control_tower_finds_is_acknowledged_with_a_reason(control_tower: ControlTower, templates: Templates) -> None:
    """Every rule there is; each where it is not followed, and not one more."""
    assert control_tower.rules() >= 230
    assert control_tower.found(templates) == acknowledged(of_control_tower=True)


def test_ru_11_of_payments_too(control_tower: ControlTower) -> None:
    """By the same rules."""
    found = control_tower.found(committed("payments"))
    assert found == acknowledged(of_control_tower=True, folder=COMMITTED / "payments")


@pytest.mark.parametrize(
    ("stack", "change", "finding"),
    [
        ("streams", drop("LiveStream/StreamEncryption"), ("CT.KINESIS.PR.1", "streams.LiveStream")),
        ("database", put("InstanceA/PubliclyAccessible", True), ("CT.RDS.PR.23", "database.InstanceA")),
        ("keys", drop("DataKey/KeyPolicy/Statement/18"), ("CT.KMS.PR.3", "keys.DataKey")),
        ("history", drop("HistoryPolicy/PolicyDocument/Statement/0"), ("CT.S3.PR.8", "history.HistoryPolicy")),
    ],
    ids=lambda each: each if isinstance(each, str) else None,
)
def test_a_planted_defect_is_found(
    control_tower: ControlTower, templates: Templates, stack: str, change: Change, finding: tuple[str, str]
) -> None:
    """A rule speaks that was silent on the whole template."""
    broken = copy.deepcopy(templates[stack])
    assert finding not in control_tower.found({stack: broken})
    change(broken)
    assert finding in control_tower.found({stack: broken})


def test_a_stale_reason_is_not_found(control_tower: ControlTower, templates: Templates) -> None:
    """What a reason covers is gone once the template follows the rule: the comparison above would fail."""
    mended = copy.deepcopy(templates["edge"])
    mended["Resources"]["Distribution"]["Properties"]["DistributionConfig"]["DefaultRootObject"] = "index.html"
    said = ("CT.CLOUDFRONT.PR.1", "edge.Distribution")
    assert said in acknowledged(of_control_tower=True) - control_tower.found({"edge": mended})

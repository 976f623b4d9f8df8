"""Networks that would clash are refused at the door, and an edge without names says what it lacks."""

from pathlib import Path

import pytest
from tests.builders import CONFIG

from landbridge.config.edge import LACKS, Edge
from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.model.errors import BadInput

SHIPPED = (CONFIG / "trading.toml").read_text(encoding="utf-8")


def _refused(folder: Path, old: str, new: str) -> str:
    assert SHIPPED.count(old) == 1
    path = folder / "trading.toml"
    path.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as told:
        load(path, Trading)
    return str(told.value).replace(str(path), "FILE")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("10.0.0.0/16", "FILE: network: 10.0.0.0/16 and 10.0.0.0/16 overlap, so the regions could not be connected"),
        ("8.8.0.0/16", "FILE: network.target_cidr: 8.8.0.0/16 is no private network: write one like 10.1.0.0/16"),
        ("10.1.0.0/24", "FILE: network.target_cidr: '10.1.0.0/24' can't be used"),
        ("10.999.0.0/16", "FILE: network.target_cidr"),
    ],
)
def test_a_network_that_cannot_be_is_refused(tmp_path: Path, value: str, sentence: str) -> None:
    """Overlapping, public, of another size, or no network at all: one sentence with the file and the key."""
    assert _refused(tmp_path, 'target_cidr = "10.1.0.0/16"', f'target_cidr = "{value}"').startswith(sentence)


def test_a_certificate_must_be_one(tmp_path: Path) -> None:
    """A wrong ARN is found before CloudFormation finds it."""
    told = _refused(tmp_path, 'viewer_certificate = ""', 'viewer_certificate = "arn:aws:iam::1:role/x"')
    assert told.startswith("FILE: edge.viewer_certificate:")


def test_an_edge_without_names_says_what_it_lacks() -> None:
    """One sentence for each of what is not given, and none when all is."""
    assert list(Edge().lacks()) == list(LACKS.values())
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b"
    whole = Edge(
        hosted_zone="Z1", source_certificate=arn, target_certificate=arn, viewer_name="trading.example", viewer_certificate=arn
    )
    assert list(whole.lacks()) == []

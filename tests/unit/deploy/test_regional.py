"""Each side is told its own addresses and certificate, and what both share is told to both."""

from pathlib import Path

import pytest
from tests.builders import CONFIG, trading

from landbridge.config.api import Api
from landbridge.config.expansion import Expansion
from landbridge.config.load import load
from landbridge.deploy.regional import answers, settings
from landbridge.model.errors import BadInput
from landbridge.model.region import Region

PAYMENTS = CONFIG.parent / "templates" / "payments"


def test_each_side_has_its_own_network_and_the_other_as_its_peer() -> None:
    """What one region is given as its own, the other is not."""
    config = trading()
    source, target = Region(config.platform.source), Region(config.platform.target)
    assert settings(config, source)["VpcCidr"] == config.network.source_cidr
    assert settings(config, target)["VpcCidr"] == config.network.target_cidr
    assert (settings(config, source)["PeerRegion"], settings(config, target)["PeerRegion"]) == (target, source)
    assert "VpcCidr" not in settings(config, Region("eu-west-1"))


def test_without_a_hosted_zone_no_name_is_claimed() -> None:
    """The origin's name is given to templates only where records for it can be made."""
    config = trading()
    named = config.model_copy(update={"edge": config.edge.model_copy(update={"hosted_zone": "Z1"})})
    assert settings(config, Region(config.platform.source))["OriginName"] == ""
    assert settings(named, Region(config.platform.source))["OriginName"] == config.platform.domain


def test_who_may_call_is_said_to_both_regions_alike() -> None:
    """As the parameters of the stack spell it: a deploy that left them out would set them back to nobody being asked."""
    config = trading()
    api = Api(
        authorizer="iam", role_users={"Trader": "@", "Desk": "*"}, allowed_origins=("https://a.example", "https://b.example")
    )
    asked = config.model_copy(update={"api": api})
    for region in (Region(config.platform.source), Region(config.platform.target)):
        told = settings(asked, region)
        assert (told["Authorizer"], told["UserPoolArn"], told["OperatorsGroup"]) == ("iam", "", "")
        assert (told["RoleUsers"], told["AllowedOrigins"]) == ("Desk=*,Trader=@", "https://a.example,https://b.example")
        assert (told["RateLimit"], told["BurstLimit"]) == ("1000", "2000")


def test_the_shards_of_the_streams_follow_from_what_the_market_sends() -> None:
    """By records or by bytes, whichever is more; the same in both regions, so that each can serve alone."""
    config = trading()
    market = config.market.model_copy(update={"records_per_second": 4_000, "record_bytes": 2_000})
    larger = config.model_copy(update={"market": market})
    for region in (Region(config.platform.source), Region(config.platform.target)):
        assert settings(config, region)["ShardCount"] == "20"
        assert settings(larger, region)["ShardCount"] == "16"


def _expansion(**serving: str) -> Expansion:
    return load(CONFIG / "payments.toml", Expansion, {"serving": serving})


def test_a_region_is_told_its_own_answers_by_stack() -> None:
    """As they are committed; what two stacks call the same may differ."""
    config = _expansion()
    first, second = (answers(config, PAYMENTS, Region(side)) for side in (config.platform.source, config.platform.target))
    assert (first["network.VpcCidr"], second["network.VpcCidr"]) == ("10.20.0.0/16", "10.21.0.0/16")
    assert (first["uploads.PeerRegion"], second["peering.PeerRegion"]) == ("us-east-2", "us-east-1")
    assert "uploads.PeerRegion" not in second
    assert first["alarms.LatencyLimit"] == "0.8"


def test_a_side_is_told_its_own_certificate_and_nothing_that_is_empty() -> None:
    """A parameter nobody tells is refused where it is needed."""
    here = "arn:aws:acm:us-east-1:000000000000:certificate/0-1"
    config = _expansion(source_certificate=here)
    first, second = (answers(config, PAYMENTS, Region(side)) for side in (config.platform.source, config.platform.target))
    assert first["CertificateArn"] == here
    assert {"CertificateArn", "ImageDigest"} & second.keys() == set()


def test_a_region_without_answers_is_refused(tmp_path: Path) -> None:
    """With what makes them."""
    with pytest.raises(BadInput, match=r"us-east-2\.parameters\.json: there is no such file; name the region in cdk\.json"):
        answers(_expansion(), tmp_path, Region("us-east-2"))


def test_the_journal_s_region_is_told_who_votes(tmp_path: Path) -> None:
    """The region that is told nothing else: the journal is whole when either of the two is out."""
    assert answers(_expansion(), tmp_path, Region("us-west-2")) == {"WitnessRegion": "us-east-1"}

"""One life of the trading platform, the same on emulated regions (`--on rehearsal`) and on a real account (`--on aws`).

On an account it deploys to the regions of the platform's file under a suffix of its own, costs money while it runs, and
takes everything down again. It needs credentials and nothing else.
"""

import json
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.account.grounds import ROOT, Ground, emulated, under
from tests.account.life import deployed, gone_afterwards, tell, unchanged

from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.model.region import Region

STAGE = "live"


@pytest.fixture(name="trading")
def _trading(on: str, tmp_path: Path, suffix: str) -> Iterator[Ground]:
    file = under(suffix, ROOT / "config" / "trading.toml", tmp_path)
    if on == "aws":
        yield Ground("trading", file)
        return
    with emulated(file) as made:
        yield made


@pytest.mark.slow
@pytest.mark.timeout(3 * 3600)
def test_the_trading_platform_lives_and_leaves_nothing(
    trading: Ground, suffix: str, record_property: Callable[[str, object], None]
) -> None:
    """Up in all regions, answering users at the source, unchanged by a second deploy, without drift; down to nothing.

    The target has no tables before a migration copies them, and says so to its health checks.
    """
    with gone_afterwards(trading, suffix):
        deployed(trading)
        _users_are_served(trading, Region(load(trading.file, Trading).platform.source), suffix)
        unchanged(trading)
    tell(trading, record_property)


def _users_are_served(trading: Ground, region: Region, suffix: str) -> None:
    """The region's own API is well and tells the region's name."""
    api = f"trading-analytics-api-{suffix}"
    found = trading.clients.client("apigateway", region).get_rest_apis(limit=500)["items"]
    (number,) = [each["id"] for each in found if each["name"] == api]
    health = _get(f"{trading.clients.api_url(number, region, STAGE)}/health")
    assert (health["region"], health["table"]) == (region, "ok")


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - of the API just deployed
        return json.load(answer)

"""One life of a platform, the same on emulated regions (`--on rehearsal`) and on a real account (`--on aws`).

On an account it deploys to the regions of the platform's file under a suffix of its own, costs money while it runs, and
takes everything down again. It needs credentials and nothing else.
"""

import json
import secrets
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.account.grounds import ROOT, Ground, ground

from landbridge.config.load import load
from landbridge.config.spec import Trading
from landbridge.model.region import Region

STAGE = "live"


@pytest.fixture(name="suffix")
def _suffix() -> str:
    """So that two runs on one account don't meet."""
    return f"try-{secrets.token_hex(3)}"


@pytest.fixture(name="trading")
def _trading(request: pytest.FixtureRequest, tmp_path: Path, suffix: str) -> Iterator[Ground]:
    file = tmp_path / "trading.toml"
    shipped = (ROOT / "config" / "trading.toml").read_text(encoding="utf-8")
    file.write_text(shipped.replace('environment_suffix = "prod"', f'environment_suffix = "{suffix}"'), encoding="utf-8")
    platform = load(file, Trading).platform
    regions = [Region(each) for each in (platform.source, platform.target, platform.journal)]
    with ground(request.config.getoption("--on"), file, regions) as made:
        yield made


@pytest.mark.slow
@pytest.mark.timeout(3 * 3600)
def test_the_trading_platform_lives_and_leaves_nothing(trading: Ground, suffix: str) -> None:
    """Up in all regions, unchanged by a second deploy, answering users at the source, without drift; down to nothing.

    The target has no tables before a migration copies them, and says so to its health checks.
    """
    platform = load(trading.file, Trading).platform
    try:
        code, said, complained = trading.runs("deploy", "trading", "--yes", "--json")
        assert code == 0, said + complained
        checks = [json.loads(line) for line in said.splitlines() if '"figure"' in line]
        assert checks
        assert [check for check in checks if check["ok"] is False] == []
        assert "0 of" in trading.runs("diff", "trading")[1]
        _users_are_served(trading, Region(platform.source), suffix)
        assert trading.runs("drift", "trading")[0] == 0
    finally:
        code, said, complained = trading.runs("destroy", "trading", "--yes")
    assert code == 0, said + complained
    assert f"nothing of {suffix} is left there, by tag and by name" in said


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

"""The run folder leads other processes to the world."""

from pathlib import Path

import pytest
from botocore.session import Session

from landbridge.model.region import Region
from landbridge.rehearse.run_folder import RunFolder

DOORS = {Region("us-east-1"): "http://127.0.0.1:4001", Region("eu-central-1"): "http://127.0.0.1:4002"}


@pytest.mark.parametrize("region", DOORS)
def test_any_client_of_aws_finds_each_regions_door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, region: Region) -> None:
    """By nothing but a profile of the region's name, with credentials that open nothing else."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(RunFolder(tmp_path).open_to_aws(DOORS)))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    session = Session(profile=region)
    client = session.create_client("s3")
    assert (client.meta.region_name, client.meta.endpoint_url) == (region, DOORS[region])
    assert session.get_credentials().access_key == "rehearsal"

"""The newest inventory of a bucket, found where S3 delivered it; its files are brought here once, and checked."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landbridge.aws.clients import Clients, speaking
from landbridge.model.errors import BadInput
from landbridge.model.region import Region
from landbridge.verify.objects.inventory import Inventory, inventory


@dataclass(frozen=True)
class Delivered:
    """Where a region's inventories are delivered, and where their files are brought to."""

    clients: Clients
    region: Region
    bucket: str
    prefix: str
    folder: Path

    def newest(self) -> Inventory:
        """The one whose manifest is the latest; its name is the time it was begun."""
        manifests = [key for key in self._keys() if key.endswith("/manifest.json")]
        if not manifests:
            raise BadInput(f"{self.bucket}/{self.prefix}", "holds no inventory", "wait for the first (a day), or list the bucket")
        newest = max(manifests)
        told = b"".join(self._blocks(newest)).decode()
        sums = {each["key"]: each["MD5checksum"] for each in json.loads(told)["files"]}
        return inventory(told, lambda key: self._fetch(key, sums), f"s3://{self.bucket}/{newest}")

    def _fetch(self, key: str, sums: Mapping[str, str]) -> Path:
        path = self.folder / f"{hashlib.sha256(f'{self.region}/{key}'.encode()).hexdigest()[:24]}-{key.rpartition('/')[2]}"
        if not path.exists():
            fresh, digest = path.with_suffix(".new"), hashlib.md5(usedforsecurity=False)
            fresh.parent.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as file:
                for block in self._blocks(key):
                    digest.update(block)
                    file.write(block)
            if digest.hexdigest() != sums[key]:
                raise BadInput(f"{self.bucket}/{key}", "is not the file its manifest tells of", "use a later inventory")
            fresh.replace(path)
        return path

    def _keys(self) -> list[str]:
        with speaking(self.region, f"ListObjectsV2 {self.bucket}"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
            return [each["Key"] for page in pages for each in page.get("Contents", ())]

    def _blocks(self, key: str) -> Iterator[bytes]:
        with speaking(self.region, f"GetObject {self.bucket}/{key}"):
            yield from self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].iter_chunks(1 << 20)

    @property
    def _s3(self) -> Any:
        return self.clients.client("s3", self.region)

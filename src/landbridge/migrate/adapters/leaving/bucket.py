"""What a retirement leaves behind for whoever asks later: objects in a bucket of the region that stays, each by its turn.

Nothing that lies there is ever changed: an object is put only where none is.
"""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landbridge.aws.clients import Clients, said, speaking
from landbridge.model.region import Region

STANDS = {"PreconditionFailed", "ConditionalRequestConflict"}
ABSENT = {"404", "NoSuchKey"}


@dataclass(frozen=True)
class Kept:
    """Objects `BEGINS-TURN.ENDS` of one bucket."""

    clients: Clients
    region: Region
    bucket: str
    begins: str
    ends: str

    def key(self, turn: int) -> str:
        """Sorted as their turns are."""
        return f"{self.begins}-{turn:010}.{self.ends}"

    def keep(self, turn: int, body: bytes) -> None:
        """Put it, unless one is there."""
        key = self.key(turn)
        with speaking(self.region, f"PutObject {self.bucket}/{key}"):
            try:
                self._s3.put_object(Bucket=self.bucket, Key=key, Body=body, IfNoneMatch="*", ContentType="application/json")
            except ClientError as error:
                if said(error) not in STANDS:
                    raise

    def read(self, turn: int) -> bytes | None:
        """As it lies there; None = nothing does."""
        key = self.key(turn)
        with speaking(self.region, f"GetObject {self.bucket}/{key}"):
            try:
                body: bytes = self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
            except ClientError as error:
                if said(error) not in ABSENT:
                    raise
                return None
        return body

    def newest(self) -> tuple[int, bytes] | None:
        """The one of the highest turn, with its turn; None = there is none."""
        with speaking(self.region, f"ListObjectsV2 {self.bucket}/{self.begins}"):
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{self.begins}-")
            keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        if not keys:
            return None
        turn = int(max(keys).removeprefix(f"{self.begins}-").partition(".")[0])
        body = self.read(turn)
        return None if body is None else (turn, body)

    @property
    def _s3(self) -> Any:
        return self.clients.client("s3", self.region)

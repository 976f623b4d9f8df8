"""The three calls of S3 that a copy takes, bare and known as the agent's own, asked and answered in boto3's words.

Decision 104: they cost a sixth of boto3's CPU, and need no thread. Words that a copy does not need are not known.
"""

import base64
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from landbridge.rehearse.fabric.event_source.region import Answer, Calls
from landbridge.rehearse.fabric.objects.calls import OURS, VERSION

CODE = re.compile(rb"<Code>([^<]+)</Code>")
META = "x-amz-meta-"
SECONDS = 30.0  # a put that is given up too early is made again, and that is a version too many
HEADERS = {
    "CacheControl": "cache-control",
    "ContentDisposition": "content-disposition",
    "ContentEncoding": "content-encoding",
    "ContentLanguage": "content-language",
    "ContentType": "content-type",
    "StorageClass": "x-amz-storage-class",
    "TagCount": "x-amz-tagging-count",
    "Tagging": "x-amz-tagging",
}


@dataclass(frozen=True)
class BareS3:
    """One region's S3; no answer is Unreachable, a no is botocore's own error."""

    calls: Calls

    async def get_object(self, *, Bucket: str, Key: str, VersionId: str = "") -> dict[str, Any]:  # noqa: N803 - boto3's words
        """A version, or the newest; its body whole."""
        answer = await self._sent("GET", _path(Bucket, Key, VersionId))
        headers = {name.lower(): value for name, value in answer.headers.items()}
        told = {name: headers[header] for name, header in HEADERS.items() if header in headers}
        metadata = {name.removeprefix(META): value for name, value in headers.items() if name.startswith(META)}
        return {**told, "Metadata": metadata, "Body": answer.body}

    async def put_object(self, *, Bucket: str, Key: str, Body: bytes, **given: Any) -> dict[str, str]:  # noqa: N803
        """On top, with the checksum that boto3 sends."""
        headers = {HEADERS[name]: str(value) for name, value in given.items() if name != "Metadata"}
        headers |= {f"{META}{name}": value for name, value in given.get("Metadata", {}).items()}
        headers["x-amz-checksum-crc32"] = base64.b64encode(zlib.crc32(Body).to_bytes(4, "big")).decode()
        return _version(await self._sent("PUT", _path(Bucket, Key), Body, headers))

    async def delete_object(self, *, Bucket: str, Key: str, VersionId: str = "") -> dict[str, str]:  # noqa: N803
        """A marker, or one version for good."""
        return _version(await self._sent("DELETE", _path(Bucket, Key, VersionId)))

    async def _sent(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        named = {"content-type": "binary/octet-stream", OURS: "1", **(headers or {})}
        answer = await self.calls.send("s3", method, path, body, seconds=SECONDS, headers=named)
        if answer.status >= 300:
            raise _no(method, answer)
        return answer


def _path(bucket: str, key: str, version: str = "") -> str:
    which = f"?versionId={quote(version)}" if version else ""
    return f"/{bucket}/{quote(key, safe='/~')}{which}"


def _version(answer: Answer) -> dict[str, str]:
    return {"VersionId": answer.headers[VERSION]} if VERSION in answer.headers else {}


def _no(method: str, answer: Answer) -> ClientError:
    code = CODE.search(answer.body)
    error = {"Code": code[1].decode() if code else str(answer.status), "Message": answer.body.decode(errors="replace")[:200]}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": answer.status}}, f"{method} object")

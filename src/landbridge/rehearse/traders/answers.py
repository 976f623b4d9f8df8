"""What an answer says, and the sentence that says why it is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbridge.rehearse.ledger import Ledger
from landbridge.rehearse.settle import Key, Write


@dataclass(frozen=True, slots=True)
class Answer:
    """What one region said at last."""

    status: int
    region: str
    body: Mapping[str, Any]


def version_of(answer: Answer) -> int:
    """The version an answer shows; 0 when it shows none."""
    version = answer.body.get("version")
    return version if answer.status == 200 and isinstance(version, int) else 0


def wrong_read(answer: Answer, key: Key, seen: int, ledger: Ledger) -> str | None:
    """Why this answer is wrong for a reader who was last shown version `seen` (0 = never any); None when it is right."""
    where = f"{key[0]}/{key[1]} from {answer.region}"
    if answer.status == 404:
        missing = seen > 0 or ledger.was_loaded(key)
        return f"{where} was said not to exist, and it does (version {seen or 1} or later)" if missing else None
    version = version_of(answer)
    if version < seen:
        return f"{where} was version {version}, and its reader had seen {seen}"
    write = ledger.write_of(str(answer.body.get("write_id")))
    said = (answer.body.get("value"), bool(answer.body.get("deleted")))
    if write is None or (write.key, write.version) != (key, version):
        return f"{where} showed version {version} under a write id that was never sent for it"
    if (write.value, write.deleted) != said:
        return f"{where} showed version {version} with something else in it than was written"
    return None


def wrong_write(answer: Answer, write: Write) -> str | None:
    """Why this answer means that the write was not accepted as sent; None when it was."""
    where = f"{write.name} at {answer.region}"
    said = answer.body if answer.status == 200 else answer.body.get("current")
    if not isinstance(said, Mapping):
        return f"{where} was refused without saying what stands there"
    if said.get("write_id") == write.write_id and said.get("version") == write.version:
        return None
    verb = "was answered as" if answer.status == 200 else "was refused for"
    return f"{where} {verb} version {said.get('version')} ({said.get('write_id')})"

"""Looks at every record a mirror stores and every acknowledgement, and finds what was lost, doubled or overtaken."""

import binascii
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from botocore.exceptions import ClientError
from tests.contract.replicator.live import REGION, Live, Record


@dataclass
class Checker:
    """Knows what was put; doubles are counted, everything else wrong is told."""

    live: Live
    next: Counter[str] = field(default_factory=Counter)
    ours: set[int] = field(default_factory=set)
    aside: dict[str, int] = field(default_factory=dict)  # what is kept of each, as a hash
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)

    def stored(self, key: str, data: str) -> None:
        """A mirror's record, in the order of storing."""
        pack = orjson.loads(binascii.a2b_base64(data))
        if pack["kind"] != "pack" or pack["region"] != REGION:
            self.wrong.append("a mirror record is no pack of the source's")
        for each in pack["records"]:
            entry = each["entry"]
            if entry["kind"] == "end" or entry["feed"] != "feed":
                self._ours(int(each["sequence"]))
            else:
                self._tick(key, entry, each["sequence"])

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str) -> None:  # noqa: N803 - as boto3 spells it
        """The bucket for what can't be copied; sometimes it says no, whether it kept it or not."""
        luck = self.live.chance.random()
        if luck > 0.05:
            self.kept(Body.decode())
        if luck < 0.1:
            raise ClientError({"Error": {"Code": "SlowDown"}, "ResponseMetadata": {"HTTPStatusCode": 503}}, "PutObject")

    def kept(self, lines: str) -> None:
        """An object of that bucket."""
        for line in map(json.loads, lines.splitlines()):
            self.aside[line["sequence"]] = hash(line["data"])

    def acknowledged(self, records: Sequence[Record]) -> None:
        """These won't come again: each must be in the mirror, or set aside as it was."""
        for record in records:
            if not self._kept(record["kinesis"]):
                self.wrong.append(f"{record['eventID']} was acknowledged and is nowhere")

    def ended(self) -> list[str]:
        """What is wrong when everything was acknowledged."""
        missing = [symbol for symbol, count in self.live.produced.items() if self.next[symbol] != count]
        if missing:
            self.wrong.append(f"records of {missing} are lost")
        if self.ours != self.live.before.keys():
            self.wrong.append("records of ours are lost or made up")
        if self.aside.keys() != self.live.unfit:
            self.wrong.append("what is set aside is not what could not be copied")
        return self.wrong

    def _kept(self, record: dict[str, Any]) -> bool:
        number = record["sequenceNumber"]
        if number in self.live.unfit:
            return self.aside.get(number) == hash(record["data"])
        if int(number) in self.live.before:
            return int(number) in self.ours
        entry = orjson.loads(binascii.a2b_base64(record["data"]))
        return bool(entry["sequence"] < self.next[entry["symbol"]])

    def _ours(self, number: int) -> None:
        late = [symbol for symbol, count in self.live.before[number].items() if self.next[symbol] < count]
        if late and number not in self.ours:
            self.wrong.append(f"{late} came after a record of ours that lay behind them")
        self.ours.add(number)

    def _tick(self, key: str, entry: dict[str, Any], sequence: str) -> None:
        symbol, number = entry["symbol"], entry["sequence"]
        if key != symbol or entry["value"] != sequence:
            self.wrong.append(f"{symbol} {number} lies under {key} and says it was at {sequence}")
        if number > self.next[symbol]:
            self.wrong.append(f"{symbol} {number} came when {self.next[symbol]} was due")
        elif number < self.next[symbol]:
            self.doubled += 1
        else:
            self.next[symbol] = number + 1

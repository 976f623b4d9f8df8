"""What Kinesis answers, or doesn't, as the replicator understands it, over HTTP."""

import base64
import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from tests.contract.replicator.mapping import client_at, mirror_at
from tests.contract.replicator.wire import Answer, HangUp, Wire

from landbridge.agents.lines import Pack
from landbridge.agents.mirror_stream import MirrorStream, Outcome
from landbridge.model.errors import Refused
from landbridge.model.mirror import head, unpack

STORED = {"SequenceNumber": "1", "ShardId": "shardId-000000000000"}
FAILED = {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded"}
TICK = '{"kind":"tick","feed":"f","symbol":"s","sequence":1,"value":"\u00e4"}'
PACKS = [Pack(head("us-east-1", "s"), key, 0, pieces=[f'{{"sequence":"1","entry":{TICK}}}']) for key in ("a", '"\u00e4\\')]


class Service:
    """Says what it is told to say, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: deque[Answer | None] = deque()
        self.asked: list[dict[str, Any]] = []
        self.url = ""

    def ask(self, operation: str, request: dict[str, Any]) -> Answer:
        """The next answer; None = it hangs up."""
        assert operation == "PutRecords"
        self.asked.append(request)
        answer = self.answers.popleft()
        if answer is None:
            raise HangUp
        return answer


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[Service, MirrorStream]]:
    """One endpoint for all, and the way there."""
    made = Service()
    wire = Wire(made.ask)
    wire.start()
    made.url = wire.url
    yield made, mirror_at(wire.url)
    wire.close()


def put(service: tuple[Service, MirrorStream], answer: Answer | None) -> Outcome:
    """What the answer is taken for."""
    service[0].answers.append(answer)
    return service[1].put(PACKS)


def test_a_request_is_what_kinesis_expects(service: tuple[Service, MirrorStream]) -> None:
    """Keys of any letters, data in base64, as botocore itself would spell it."""
    put(service, (200, {"FailedRecordCount": 0, "Records": [STORED, STORED]}))
    asked = service[0].asked[-1]
    assert asked["StreamName"] == "mirror"
    assert [record["PartitionKey"] for record in asked["Records"]] == ["a", '"\u00e4\\']
    assert all(set(record) == {"Data", "PartitionKey"} for record in asked["Records"])


def test_data_arrives_as_it_was_packed(service: tuple[Service, MirrorStream]) -> None:
    """Byte for byte."""
    put(service, (200, {"FailedRecordCount": 0, "Records": [STORED, STORED]}))
    data = service[0].asked[-1]["Records"][1]["Data"]
    (carried,) = unpack(base64.b64decode(data))
    assert json.loads(carried.entry.text()) == json.loads(TICK)


def test_the_body_that_is_sent_is_the_one_that_was_signed(service: tuple[Service, MirrorStream]) -> None:
    """Emulators look at no signature, AWS does."""
    sent: list[Any] = []
    kinesis = client_at(service[0].url)
    kinesis.meta.events.register("before-send.kinesis.PutRecords", lambda request, **_: sent.append(request))
    service[0].answers.append((200, {"Records": [STORED, STORED]}))
    MirrorStream(kinesis, "mirror", "eu-central-1").put(PACKS)
    headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in sent[0].headers.items()}
    signed = re.findall("SignedHeaders=([^,]*), Signature=(.*)", headers["Authorization"])[0]
    kept = {name: value for name, value in headers.items() if name.lower() in signed[0].split(";")}
    request = AWSRequest("POST", sent[0].url, kept, sent[0].body)
    request.context["timestamp"] = headers["X-Amz-Date"]
    auth = SigV4Auth(Credentials("any", "any"), "kinesis", "eu-central-1")
    assert auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request) == signed[1]


def test_each_record_has_its_own_outcome(service: tuple[Service, MirrorStream]) -> None:
    """Whichever failed."""
    assert put(service, (200, {"FailedRecordCount": 1, "Records": [FAILED, STORED]})) == Outcome([False, True])


@pytest.mark.parametrize(
    "answer",
    [
        None,
        (500, {"__type": "InternalFailure"}),
        (503, {}),
        (200, {"Records": [STORED]}),
        (200, {}),
    ],
)
def test_silence_and_half_an_answer_are_unknown(service: tuple[Service, MirrorStream], answer: Answer | None) -> None:
    """They may have been stored."""
    assert put(service, answer) == Outcome([False, False], unknown=True)


@pytest.mark.parametrize("code", ["ProvisionedThroughputExceededException", "KMSThrottlingException", "LimitExceededException"])
def test_a_throttled_request_was_not_stored(service: tuple[Service, MirrorStream], code: str) -> None:
    """So nothing of it can lie there twice."""
    assert put(service, (400, {"__type": code})) == Outcome([False, False])


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException", "KMSDisabledException"])
def test_a_plain_no_is_refused(service: tuple[Service, MirrorStream], code: str) -> None:
    """With AWS's word for it."""
    with pytest.raises(Refused, match=code):
        put(service, (400, {"__type": code}))


def test_one_request_is_sent_once(service: tuple[Service, MirrorStream]) -> None:
    """Nothing is tried again behind our back."""
    before = len(service[0].asked)
    put(service, (500, {}))
    assert len(service[0].asked) == before + 1

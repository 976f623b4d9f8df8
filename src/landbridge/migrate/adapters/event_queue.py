"""A region's queue of payment events, and where lies what it could not work off, as SQS counts them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from landbridge.aws.clients import Clients, speaking
from landbridge.model.region import Region

KINDS = {
    "ApproximateNumberOfMessages": "in the queue",
    "ApproximateNumberOfMessagesNotVisible": "with a function",
    "ApproximateNumberOfMessagesDelayed": "to come later",
}


@dataclass(frozen=True)
class EventQueue:
    """Two queues of one region; `address` tells the one's, `aside` the other's."""

    clients: Clients
    region: Region
    address: Callable[[], str]
    aside: Callable[[], str]

    def waiting(self) -> Mapping[str, int]:
        """By what they wait for."""
        return self._counted(self.address())

    def set_aside(self) -> int:
        """Whatever state they are in."""
        return sum(self._counted(self.aside()).values())

    def _counted(self, queue: str) -> dict[str, int]:
        with speaking(self.region, "GetQueueAttributes"):
            told = self.clients.client("sqs", self.region).get_queue_attributes(QueueUrl=queue, AttributeNames=list(KINDS))
        return {said: int(told["Attributes"].get(name, 0)) for name, said in KINDS.items()}

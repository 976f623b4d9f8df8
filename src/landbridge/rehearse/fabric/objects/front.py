"""One region's S3 at its front door: jobs are answered, writes are noted, and each version tells what became of its copy."""

from collections.abc import Mapping
from dataclasses import dataclass

from landbridge.model.region import Region
from landbridge.rehearse.emulator.refusal import Refusal, asked_of
from landbridge.rehearse.fabric.objects import control
from landbridge.rehearse.fabric.objects.agent import ObjectReplication
from landbridge.rehearse.fabric.objects.calls import JOBS, NULL, OURS, VERSION, Call, Change, Kind, call, changes
from landbridge.rehearse.fabric.objects.jobs import Jobs
from landbridge.rehearse.fabric.objects.ledger import Place


@dataclass(frozen=True)
class Front:
    """What the door asks about calls to S3."""

    agent: ObjectReplication
    region: Region
    jobs: Jobs

    def concerns(self, headers: Mapping[str, str], raw_path: str) -> bool:
        """Whether a call is S3's, by its header or, of an address that was given away, by its query; and not the agent's own."""
        return (asked_of(headers) == "s3" or call("GET", raw_path).given_away) and OURS not in headers

    def about_jobs(self, raw_path: str) -> bool:
        """Whether a call is about jobs, which the emulator does not know."""
        return raw_path.startswith(JOBS)

    def answer(self, method: str, raw_path: str, body: bytes) -> Refusal:
        """About jobs."""
        return control.answer(self.jobs, method, raw_path, body)

    def whole(self, method: str, raw_path: str) -> bool:
        """Whether the answer's body must be read to know what was changed."""
        return call(method, raw_path).about_many

    async def note(self, method: str, raw_path: str, headers: Mapping[str, str], body: bytes) -> None:
        """A call that was granted."""
        for change in changes(call(method, raw_path), headers, body):
            await self.agent.noted(self.region, change)

    async def doubt(self, method: str, raw_path: str) -> None:
        """A call whose answer nobody heard."""
        made = call(method, raw_path)
        if made.writes:
            await self.agent.noted(self.region, Change(Kind.LOOK, made.bucket, made.key))

    def status(self, method: str, raw_path: str, headers: Mapping[str, str]) -> str:
        """What GET and HEAD of an object say of its copy; empty = nothing."""
        made = call(method, raw_path)
        found = self.agent.ledger.status(_place(self.region, made, headers))
        return found or "" if method in {"GET", "HEAD"} and made.key else ""


def _place(region: Region, made: Call, headers: Mapping[str, str]) -> Place:
    return Place(region, made.bucket, made.key, headers.get(VERSION, NULL))

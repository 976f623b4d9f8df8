"""What a rehearsed retirement needs besides its engine: a night's backup, two people who agree, and what came of it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from landbridge.aws.clients import speaking
from landbridge.migrate.adapters.compose import Migration
from landbridge.migrate.plan import Plan
from landbridge.migrate.record import Ask, Kind, Record
from landbridge.migrate.step import State
from landbridge.migrate.tables import TABLES
from landbridge.rehearse.facts import Living

LOOK_SECONDS = 0.5


def back_up(migration: Migration) -> None:
    """As the target's backup plan does every night: the emulator plays no plan, and knows backups of tables alone."""
    target = migration.regions.target
    dynamodb = migration.clients.client("dynamodb", target)
    for domain in TABLES:
        table = migration.named(domain)
        with speaking(target, f"CreateBackup {table}"):
            dynamodb.create_backup(TableName=table, BackupName=f"nightly-{domain}")


@dataclass(frozen=True)
class Approvers:
    """People who agree to a retirement as soon as it is under way; none of them began it."""

    migration: Migration
    plan: Plan

    async def agree(self) -> None:
        """Each under a name of its own, to each phase as many as the plan asks for."""
        asked = {phase.approved_as: phase.approvals for phase in self.plan.phases}
        agreeing = [(phase, f"approver {number + 1}") for phase, people in asked.items() for number in range(people)]
        while agreeing:
            if await asyncio.to_thread(self._agreed, *agreeing[0]):
                del agreeing[0]
            await asyncio.sleep(LOOK_SECONDS)

    def _agreed(self, phase: str, who: str) -> bool:
        """Not before the retirement is what is under way."""
        journal = self.migration.journal(who)
        journal.refresh()
        if journal.progress.plan != self.plan.hash:
            return False
        journal.ask(Ask.APPROVE, "rehearsed", phase, journal.progress.run)
        return True


def living(records: Iterable[Record]) -> tuple[Living, ...]:
    """Where everything lived in the end, as the journal has it; nothing without a retirement."""
    found = _newest(records, "report_residency")
    return tuple(Living(**place) for place in found.data["places"]) if found else ()


def evidence(records: Iterable[Record]) -> int:
    """Up to which record the journal lies in the customer's bucket; 0 = it doesn't."""
    found = _newest(records, "copy_evidence")
    return int(found.data["until_record"]) if found else 0


def _newest(records: Iterable[Record], step: str) -> Record | None:
    done = [each for each in records if each.kind is Kind.FOUND and each.step == step and each.data["state"] == State.DONE]
    told = [each for each in done if len(each.data) > 1]  # the first to say so has the figures
    return told[-1] if told else None

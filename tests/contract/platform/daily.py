"""The deployed daily pipeline, begun and seen to its end in an emulated region whose Athena is played beside it."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.contract.platform.athena import Athena

from landbridge.aws.clients import Clients
from landbridge.model.region import Region

TASKS = "arn:aws:states:::athena:"
LIMIT = 300.0


@dataclass(frozen=True)
class Daily:
    """A region's machine; every state of it is the deployed one, and Athena's tasks come to `athena`."""

    clients: Clients
    region: Region
    machine: str
    athena: Athena
    activity: str
    answers: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, clients: Clients, region: Region, machine: str, athena: Athena) -> "Daily":
        """The machine, with nothing changed but who does Athena's tasks."""
        states = clients.client("stepfunctions", region)
        activity = states.create_activity(name=f"athena-{uuid4().hex[:8]}")["activityArn"]
        told = json.loads(states.describe_state_machine(stateMachineArn=machine)["definition"])
        for state in told["States"].values():
            if state.get("Resource", "").startswith(TASKS):
                state["Resource"] = activity
        states.update_state_machine(stateMachineArn=machine, definition=json.dumps(told))
        return cls(clients, region, machine, athena, activity)

    def run(self, heard: Callable[[str], None] = lambda _text: None, **given: str) -> "Ran":
        """One execution; `heard` is given each text once it was answered, and fails the query by raising ValueError."""
        began = {"stateMachineArn": self.machine, "name": uuid4().hex, "input": json.dumps(given)}
        execution = self._states.start_execution(**began)["executionArn"]
        asked: list[str] = []
        answered, ends = 0, time.monotonic() + LIMIT
        while (found := self._states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < ends
            if len(self._events(execution, self._is_ours)) > answered:
                answered += 1
                self._answer(asked, heard)
            else:
                time.sleep(0.05)
        entered = self._events(execution, lambda event: "stateEnteredEventDetails" in event)
        went = tuple(event["stateEnteredEventDetails"]["name"] for event in entered)
        return Ran(found["status"], found.get("error", ""), went, tuple(asked))

    def _answer(self, asked: list[str], heard: Callable[[str], None]) -> None:
        task = self._states.get_activity_task(activityArn=self.activity)
        given = json.loads(task["input"])
        if "QueryString" not in given:
            return self._tell(task, _results(self.answers[given["QueryExecutionId"]]))
        assert given["QueryExecutionContext"] == {"Database": self.athena.database}
        asked.append(given["QueryString"])
        name = uuid4().hex
        try:
            self.answers[name] = self.athena.ask(given["QueryString"])
            heard(given["QueryString"])
        except ValueError as error:
            self._states.send_task_failure(taskToken=task["taskToken"], error="States.TaskFailed", cause=str(error))
        else:
            self._tell(task, {"QueryExecution": {"QueryExecutionId": name, "Status": {"State": "SUCCEEDED"}}})

    def _tell(self, task: dict[str, str], answer: dict[str, Any]) -> None:
        self._states.send_task_success(taskToken=task["taskToken"], output=json.dumps(answer))

    def _is_ours(self, event: dict[str, Any]) -> bool:
        return bool(event.get("taskScheduledEventDetails", {}).get("resource") == self.activity)

    def _events(self, execution: str, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        pages = self._states.get_paginator("get_execution_history").paginate(executionArn=execution)
        return [event for page in pages for event in page["events"] if wanted(event)]

    @property
    def _states(self) -> Any:
        return self.clients.client("stepfunctions", self.region)


@dataclass(frozen=True)
class Ran:
    """How an execution ended, the states it went through, and what was asked of Athena."""

    status: str
    error: str
    went: tuple[str, ...]
    asked: tuple[str, ...]


def _results(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    """As GetQueryResults tells them: everything is text, and the first row names the columns."""
    names = [f"_col{number}" for number in range(len(rows[0]))]
    told = [{"Data": [{"VarCharValue": str(value)} for value in row]} for row in [names, *rows]]
    return {"ResultSet": {"Rows": told}}

"""`landbridge approve`: approves a phase that may not begin without it; who began the plan can't."""

from typing import Annotated

import typer

from landbridge.cli.ask import Templates, Why, ask
from landbridge.cli.migrate import TEMPLATES, Run
from landbridge.migrate.record import Ask


def approve(
    run: Run,
    phase: Annotated[str, typer.Argument(help="The phase, like cutover, or a step of it.")],
    why: Why = "no reason given",
    templates: Templates = TEMPLATES,
) -> None:
    """Approve a phase of the plan, as somebody other than who began it."""
    ask(run, templates, Ask.APPROVE, why, phase)

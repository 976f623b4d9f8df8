"""`landbridge hold`: asks the engine to go no further than one step, and to keep what stands there under the gate."""

from typing import Annotated

import typer

from landbridge.cli.ask import Templates, Why, ask
from landbridge.cli.migrate import TEMPLATES, Run
from landbridge.migrate.record import Ask


def hold(
    run: Run,
    step: Annotated[str, typer.Argument(help="The last step that may begin, like shift_reads.25.")],
    why: Why = "no reason given",
    templates: Templates = TEMPLATES,
) -> None:
    """Go no further than a step, until the migration is resumed."""
    ask(run, templates, Ask.HOLD, why, step)

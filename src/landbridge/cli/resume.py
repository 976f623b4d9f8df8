"""`landbridge resume`: asks the engine to go on after `landbridge pause` or `landbridge hold`."""

from landbridge.cli.ask import Templates, Why, ask
from landbridge.cli.migrate import TEMPLATES, Run
from landbridge.migrate.record import Ask


def resume(run: Run, why: Why = "no reason given", templates: Templates = TEMPLATES) -> None:
    """Let a paused or held migration go on."""
    ask(run, templates, Ask.RESUME, why)

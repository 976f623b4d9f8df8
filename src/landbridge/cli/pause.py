"""`landbridge pause`: asks the engine to act no more until `landbridge resume`; it keeps its lease, and abort still goes back."""

from landbridge.cli.ask import Templates, Why, ask
from landbridge.cli.migrate import TEMPLATES, Run
from landbridge.migrate.record import Ask


def pause(run: Run, why: Why = "no reason given", templates: Templates = TEMPLATES) -> None:
    """Pause the migration: nothing acts and nothing is judged until it is resumed."""
    ask(run, templates, Ask.PAUSE, why)

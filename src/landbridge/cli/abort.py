"""`landbridge abort`: asks the engine to go back to where it began; past a pivot it is refused."""

from landbridge.cli.ask import Templates, Why, ask
from landbridge.cli.migrate import TEMPLATES, Run
from landbridge.migrate.record import Ask


def abort(run: Run, why: Why, templates: Templates = TEMPLATES) -> None:
    """Ask the migration that is under way to put everything back."""
    ask(run, templates, Ask.ABORT, why)

"""Whether a step may begin: not past where an operator holds, not without its approvals, not against the calendar.

What has begun is never stopped here, and going back never asks. A step is not left either while the next one may not
begin: so a gate goes on judging what stands for as long as people or the calendar take.
"""

from dataclasses import replace

from landbridge.migrate.decisions import begun
from landbridge.migrate.plan import Plan
from landbridge.migrate.progress import Progress
from landbridge.migrate.step import Moves, Seen, State, Step, Verb

APPROVALS = "approvals"
STOPPED_BY = "stopped_by"  # the figure that tells such a wait from every other


def permitted(plan: Plan, progress: Progress, step: Step, seen: Seen, now: float) -> Seen:
    """A look at a step as it was, unless the step would begin, or be left for one that would, and must not."""
    if seen.state is State.READY:
        stop = _stop(plan, progress, step, now)
    elif seen.state is State.DONE and (later := plan.after(step.name)):
        stop = _stop(plan, progress, later[0], now)
    else:
        return seen
    return replace(stop, figures={**seen.figures, **stop.figures}) if stop else seen


def _stop(plan: Plan, progress: Progress, step: Step, now: float) -> Seen | None:
    if progress.intents(step.name, Verb.APPLY):
        return None
    return _held(plan, progress, step) or _unapproved(plan, progress, step) or _closed(plan, step, now)


def _held(plan: Plan, progress: Progress, step: Step) -> Seen | None:
    if not progress.held_at or step.name not in {later.name for later in plan.after(progress.held_at)}:
        return None
    return _waiting("hold", f"{step.name} does not begin: an operator holds at {progress.held_at}, until resume")


def _unapproved(plan: Plan, progress: Progress, step: Step) -> Seen | None:
    phase = plan.phase_of(step.name)
    given = progress.approvals.get(phase.approved_as, [])
    if len(given) >= phase.approvals or begun(phase, progress):
        return None
    so_far = f", so far {', '.join(given)}" if given else ""
    return _waiting(APPROVALS, f"{phase.name} does not begin: it needs {phase.needs}{so_far}, none by {progress.starter}")


def _closed(plan: Plan, step: Step, now: float) -> Seen | None:
    why = plan.calendar.closed_until(now) if step.moves is not Moves.NOTHING else None
    return _waiting("calendar", f"{step.name} does not begin: {why}") if why else None


def _waiting(by: str, why: str) -> Seen:
    """Waiting and never blocked: a runner gives up what is blocked, and nobody would judge what stands."""
    return Seen(State.WAITING, why, {STOPPED_BY: by})

"""Acts that carry no turn (weights, mappings, addresses, a switchover): when one may be sent.

Nothing can refuse such an act when it comes late. So it is sent only while no other engine can work before it has arrived
or never will, and not while an earlier one may still be under way: that one would come second, and stand. A step that
acts more than once, or looks before it acts, asks again right before each act: an engine may have stood still meanwhile.
"""

from landbridge.migrate.journal import Journal
from landbridge.migrate.step import Step
from landbridge.model.errors import Lapsed


def forbidden(journal: Journal, step: Step) -> str | None:
    """Why no act of the step may be sent now; None = it may."""
    if not step.lasts:
        return None
    arrives = journal.progress.settles_at - journal.clock()
    if arrives > 0:
        return f"an act whose answer was lost may arrive for {arrives:.1f} s more"
    left = journal.lease_left
    return f"{left:.1f} s of the lease are left, and an act may last {step.lasts:g} s" if left <= step.lasts else None


def sure(journal: Journal, step: Step) -> None:
    """Lapsed when no act of the step may be sent any more."""
    if why := forbidden(journal, step):
        raise Lapsed(step.name, why)

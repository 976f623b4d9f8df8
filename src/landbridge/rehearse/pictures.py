"""The pictures of one rehearsal: the whole run second by second, and each pen move under the magnifying glass."""

from html import escape

from landbridge.model.pen import Domain, PenState
from landbridge.model.region import Region
from landbridge.rehearse.charts import HEIGHT, WIDTH, Plot, nice, smooth, ticks
from landbridge.rehearse.facts import Facts
from landbridge.rehearse.tally import Stretch
from landbridge.rehearse.timeline import PenMove

LENS_SECONDS = 4.0  # shown before the close and after the opening
LENS_ROWS = 90


def run_picture(facts: Facts) -> str:
    """Phases, answers, weight, errors, lag and pens over one common axis."""
    end = max(1.0, facts.wall_s)
    lanes = [_ribbon(facts, end), _answers(facts, end), _errors(facts, end), _lag(facts, end)]
    lanes += [_pen(facts, end, domain) for domain in sorted({pen.domain for pen in facts.history.pens})]
    return "".join(lanes) + Plot(0, end, 1).axis((at, f"{at:g} s") for at in ticks(0, end))


def pen_picture(facts: Facts, move: PenMove) -> str:
    """Every write around one pen move, from the moment it was due to its answer."""
    from_s, to_s = move.closed_s - LENS_SECONDS, move.opened_s + LENS_SECONDS
    of_it = (write for write in facts.traded.stretches if write.resource == move.domain)
    shown = [write for write in of_it if write.to_s >= from_s and write.from_s <= to_s]
    shown = sorted(shown, key=lambda write: write.from_s)[:LENS_ROWS]
    plot = Plot(from_s, to_s, 1)
    lines = [_write(plot, facts, write, (number + 0.5) / max(1, len(shown))) for number, write in enumerate(shown)]
    drawn = plot.drawn("lens", [plot.band("closed", move.closed_s, move.opened_s), *lines])
    marks = [(move.closed_s, "closed"), (move.opened_s, f"open after {move.pause_ms:,.0f} ms")]
    return _lane("Writes", drawn + plot.axis(marks))


def name_of(facts: Facts, region: str) -> str:
    """The word and colour of a region: source, target or neither."""
    return {facts.regions.source: "source", facts.regions.target: "target"}.get(Region(region), "other")


def _lane(title: str, drawn: str) -> str:
    return f'<div class="lane"><h3>{escape(title)}</h3><div>{drawn}</div></div>'


def _ribbon(facts: Facts, end: float) -> str:
    spans = []
    for phase in facts.history.phases:
        took = max(0.0, phase.to_s - phase.from_s)
        place = f"left:{phase.from_s / end:.3%};width:{took / end:.3%}"
        title = escape(f"{phase.name}: {phase.from_s:.1f} s to {phase.to_s:.1f} s, {phase.mark}")
        spans.append(f'<span class="{escape(phase.mark)}" style="{place}" title="{title}"><b>{escape(phase.name)}</b></span>')
    return _lane("Phases", f'<div class="ribbon">{"".join(spans)}</div>')


def _boundaries(facts: Facts, plot: Plot) -> list[str]:
    return [plot.rule("boundary", phase.from_s) for phase in facts.history.phases[1:]]


def _answers(facts: Facts, end: float) -> str:
    seconds = {second.at_s: second.by_region for second in facts.traded.seconds}
    length = range(int(end))
    source = smooth([seconds.get(at, {}).get(facts.regions.source, 0) for at in length])
    target = smooth([seconds.get(at, {}).get(facts.regions.target, 0) for at in length])
    both = [one + other for one, other in zip(source, target, strict=True)]
    top = nice(max(both))
    plot = Plot(0, end, top)
    zero, middle, upper = ([(at + 0.5, value) for at, value in enumerate(line)] for line in ([0.0] * len(both), target, both))
    weights = [(weight.at_s, weight.target_percent / 100 * top) for weight in facts.history.weights]
    shapes = [plot.area("target", middle, zero), plot.area("source", upper, middle), *_boundaries(facts, plot)]
    left, right = [(top, f"{top:g}/s"), (0.0, "0")], [(top, "100 %"), (0.0, "0 %")]
    return _lane("Answers a second, and target weight", plot.drawn("tall", [*shapes, plot.steps("weight", weights)], left, right))


def _errors(facts: Facts, end: float) -> str:
    stumbles = [(second.at_s, second.raw_errors) for second in facts.traded.seconds if second.raw_errors]
    top = max((count for _, count in stumbles), default=1)
    plot = Plot(0, end, top)
    shapes = [plot.area("error", [(at, count), (at + 1, count)], [(at, 0.0), (at + 1, 0.0)]) for at, count in stumbles]
    words = [(top, f"{top}/s"), (0.0, "0")] if stumbles else [(0.0, "0")]
    return _lane("Raw errors", plot.drawn("low", [*_boundaries(facts, plot), *shapes], words))


def _lag(facts: Facts, end: float) -> str:
    known = [(lag.at_s, lag.seconds) for lag in facts.history.lags if lag.seconds is not None]
    top = nice(max((seconds for _, seconds in known), default=1.0))
    plot = Plot(0, end, top)
    shapes = [*_boundaries(facts, plot), plot.line("lag", known)]
    return _lane("Replication lag", plot.drawn("low", shapes, [(top, f"{top:g} s"), (0.0, "0")]))


def _pen(facts: Facts, end: float, domain: Domain) -> str:
    plot = Plot(0, end, 1)
    bands = []
    for region in facts.regions:
        samples = [pen for pen in facts.history.pens if (pen.region, pen.domain) == (region, domain)]
        for pen, until in zip(samples, (*(pen.at_s for pen in samples[1:]), end), strict=True):
            if pen.state is PenState.OPEN:
                bands.append(plot.band(name_of(facts, region), pen.at_s, until, f"{region} may write, epoch {pen.epoch}"))
    return _lane(f"Pen '{domain}'", plot.drawn("thin", [plot.band("nobody", 0, end, "nobody may write"), *bands]))


def _write(plot: Plot, facts: Facts, write: Stretch, row: float) -> str:
    y = row * HEIGHT
    title = f"due at {write.from_s:.2f} s, answered by {write.region} after {(write.to_s - write.from_s) * 1000:.0f} ms"
    left, right = plot.x(write.from_s), max(plot.x(write.to_s), min(WIDTH, plot.x(write.from_s) + 3))
    return (
        f'<line class="write {name_of(facts, write.region)}" x1="{left}" x2="{right}" y1="{y:.2f}" y2="{y:.2f}">'
        f"<title>{escape(title)}</title></line>"
    )

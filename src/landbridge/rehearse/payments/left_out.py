"""What the payments rehearsal could not do as AWS does it, by name, and what stood in for it."""

from collections.abc import Iterable

from landbridge.config.rehearsal import Rehearsal
from landbridge.rehearse.facts import LeftOut
from landbridge.rehearse.left_out import anywhere
from landbridge.rehearse.payments.side import AT_ONCE, QUICKER, Side

HERE = (
    LeftOut(
        "AWS::ECS tasks on Fargate",
        "One process stands for all tasks of a region, by the deployed task definition; no image, sizes or scaling.",
    ),
    LeftOut(
        "AWS::ElasticLoadBalancingV2",
        f"Played by a proxy from the deployed listeners and checks, which it makes {QUICKER:g} times as often; no TLS.",
    ),
    LeftOut("AWS::RDS for PostgreSQL", "PostgreSQL 18 stands for the deployed version; no standby, backup or rotation."),
    LeftOut("AWS::SecretsManager copies", "Carried between two emulators by an agent."),
)


def left_out(rehearsal: Rehearsal, sides: Iterable[Side]) -> tuple[LeftOut, ...]:
    """The honest list for this platform."""
    served = tuple(sides)
    unknown = sorted({name for side in served for name in side.not_acted_on()})
    rules = LeftOut("AWS's own groups of firewall rules", f"Deployed, and turn nobody away: {', '.join(unknown)}.")
    sooner = {f"; a batch whose function died comes again after {side.visible} s" for side in served if side.visible}
    polled = f"Polled by the emulator, {AT_ONCE} batches at once{''.join(sooner)}."
    queue = LeftOut("AWS::Lambda::EventSourceMapping on SQS", polled)
    return (*HERE, queue, *([rules] if unknown else []), *anywhere(rehearsal))

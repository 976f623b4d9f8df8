"""Whether the platform has a database that moves with it.

Every description below is shown to the operator as the fix when a value is refused.
"""

from landbridge.config.frozen import Spec


class Database(Spec):
    """[database] of the platform's file."""

    moves: bool = False  # with it: its stacks are deployed, its copy is made and compared, its writer and the effects' pen move

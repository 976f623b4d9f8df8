"""Which domains lie in tables that the platform deployed today brings, by the names of their keys: one more is one line."""

from collections.abc import Mapping

from landbridge.model.pen import Domain

TABLES: Mapping[Domain, tuple[str, str]] = {Domain.STATE: ("user", "view"), Domain.COMMANDS: ("user", "item")}

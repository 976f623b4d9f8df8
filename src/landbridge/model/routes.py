"""The routes of the dashboard API as data: the template, the handlers and the document for developers are made from it."""

import re
from dataclasses import dataclass

RESOURCES = {  # every path there is, parents first, and what its resource is called in the template
    "/health": "Health",
    "/state": "State",
    "/state/{user}": "User",
    "/state/{user}/{view}": "View",
    "/commands": "Commands",
    "/commands/{user}": "Owner",
    "/commands/{user}/{number}": "Command",
    "/snapshot": "Snapshot",
    "/search": "Search",
    "/series": "Series",
    "/series/{symbol}": "Trades",
    "/signals": "Signals",
    "/signals/{symbol}": "Signal",
}


@dataclass(frozen=True, slots=True)
class Route:
    """A method of a path and the function that answers it; `open` routes need no sign-in, whatever authorizer there is."""

    method: str
    path: str
    function: str
    open: bool = False

    @property
    def name(self) -> str:
        """What the method is called in the template."""
        return f"{RESOURCES[self.path]}{self.method.title()}"

    @property
    def anybodys(self) -> str:
        """The path as permissions name it, with a star for each of its parts that varies."""
        return re.sub(r"{\w+}", "*", self.path).removeprefix("/")


ROUTES = (
    Route("GET", "/health", "Read", open=True),  # Route 53's checkers can't sign in
    Route("GET", "/state/{user}/{view}", "Read"),
    Route("PUT", "/state/{user}/{view}", "Write"),
    Route("GET", "/commands/{user}", "Read"),
    Route("GET", "/commands/{user}/{number}", "Read"),
    Route("PUT", "/commands/{user}/{number}", "Write"),
    Route("GET", "/snapshot", "Read"),
    Route("GET", "/search", "Read"),
    Route("GET", "/series/{symbol}", "Read"),
    Route("GET", "/signals/{symbol}", "Read"),
)

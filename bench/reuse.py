"""How much of the payments platform is its own? Lines of code, beside those it takes from rooms it shares with trading.

What is shared is what its own modules, the deployer and the engine reach by their imports. Blank lines, comments and docstrings
don't count.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src"
MOVING = ("plans/expand", "plans/evacuate", "steps/confirm_stay", "steps/drain_events", "alone_gate")
LIVE = ("payments", "payments_stores", "event_queue", "image")
OWN = (
    "landbridge/platforms/payments/",
    "landbridge/workloads/payments/",
    "landbridge/config/payments.py",
    "landbridge/config/expansion.py",
    "landbridge/config/sharing.py",
    "landbridge/replicate/read_replica.py",
    "landbridge/traffic/named.py",
    *(f"landbridge/migrate/{each}.py" for each in MOVING),
    *(f"landbridge/migrate/adapters/{each}.py" for each in LIVE),
)
SHARED = (
    "migrate.runner",
    "deploy.checks",
    "deploy.drift",
    "deploy.regional",
    "deploy.teardown",
    "platforms.differences",
    "platforms.pages",
)


def reached(start: list[str]) -> Iterator[Path]:
    """The modules of ours that these import, and so on, themselves among them."""
    seen, looking = set[str](), start
    while looking:
        name = looking.pop()
        path = SOURCES / (name.replace(".", "/") + ".py")
        if name in seen or not path.is_file():
            continue
        seen.add(name)
        yield path
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(each, ast.ImportFrom) and each.module and each.module.startswith("landbridge"):
                looking += [each.module, *(f"{each.module}.{alias.name}" for alias in each.names)]


def lines(path: Path) -> int:
    """Lines on which code stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    words = (each for each in ast.walk(tree) if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
    told = {number for each in words for number in range(each.lineno, (each.end_lineno or each.lineno) + 1)}
    text = path.read_text(encoding="utf-8").splitlines()
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") for number, line in enumerate(text, 1) if number not in told
    )


def main() -> int:
    """Prints both, and the share; nothing is a limit here."""
    rooms_of = [SOURCES / each for each in OWN]
    own = [path for room in rooms_of for path in (sorted(room.rglob("*.py")) if room.is_dir() else [room])]
    names = [str(path.relative_to(SOURCES).with_suffix("")).replace("/", ".") for path in own]
    found = {
        path.relative_to(SOURCES).as_posix(): lines(path)
        for path in reached([*names, *(f"landbridge.{each}" for each in SHARED)])
    }
    ours = sum(count for path, count in found.items() if path.startswith(OWN))
    rooms = Counter[str]()
    for path, count in found.items():
        rooms[path.split("/")[1]] += 0 if path.startswith(OWN) else count
    told = ", ".join(f"{room} {count}" for room, count in rooms.most_common() if count)
    print(f"payments' own: {ours} lines; shared with trading: {rooms.total()} lines ({told})")
    print(f"modules of trading it reaches: {sorted(path for path in found if '/trading/' in path)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

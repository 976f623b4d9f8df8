"""The second platform is made of what both share, and copies nothing of the first."""

import ast
from pathlib import Path

from landbridge.config import payments as config

PLATFORMS = Path(config.__file__).parents[1] / "platforms"
SMALL = 25  # nodes: less than two lines that do something


def _bodies(platform: str) -> dict[str, str]:
    """Each function's body without its words, by what it does."""
    found = {}
    for path in sorted((PLATFORMS / platform).glob("*.py")):
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(each, ast.FunctionDef):
                body = [part for part in each.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
                if sum(1 for part in body for _ in ast.walk(part)) >= SMALL:
                    found["".join(map(ast.dump, body))] = f"{path.stem}.{each.name}"
    return found


def test_py_1_no_platform_holds_a_copy_of_anothers_construct() -> None:
    """Nor of one they share."""
    own = _bodies("payments")
    assert len(own) > 20
    for other in ("trading", "constructs"):
        assert {own[body]: name for body, name in _bodies(other).items() if body in own} == {}

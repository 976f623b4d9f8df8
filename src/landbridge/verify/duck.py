"""DuckDB in this process, with a bound on its memory and Trino's words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from landbridge.model.errors import BadInput
from landbridge.verify.relations import WORDS

MEMORY = "210MB"
THREADS = 1  # a text: both sides are asked at once, and threads of one text would each want pages of memory of their own


def duck(folder: Path, memory: str = MEMORY, threads: int = THREADS) -> Callable[[str], list[tuple[Any, ...]]]:
    """Answers a text, more than one at once; what does not fit in memory goes to the folder."""
    import duckdb  # noqa: PLC0415 - a twentieth of what a command takes to begin, and few commands need it

    connection = duckdb.connect(config={"memory_limit": memory, "threads": threads, "temp_directory": str(folder / "spill")})
    # Files lie here: reading ahead of who decodes them wins no time, and costs fresh pages of memory.
    connection.execute("SET async_threads = 0")
    connection.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false; SET GLOBAL TimeZone = 'UTC'")
    connection.execute(WORDS)

    def ask(text: str) -> list[tuple[Any, ...]]:
        try:
            with connection.cursor() as cursor:
                return cursor.execute(text).fetchall()
        except duckdb.OutOfMemoryException as error:
            raise BadInput("the lists", f"need more than {memory} of memory", "compare them in Athena") from error
        except duckdb.Error as error:
            why = str(error).splitlines()[0]
            raise BadInput("the lists", f"can't be compared ({why})", "fetch them anew, or use later ones") from error

    return ask

"""DuckDB in this process, with a bound on its memory and Trino's words."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from landbridge.model.errors import BadInput
from landbridge.verify.relations import WORDS

MEMORY = "210MB"
THREADS = 2


def duck(folder: Path, memory: str = MEMORY, threads: int = THREADS) -> Callable[[str], list[tuple[Any, ...]]]:
    """Answers a text, one at a time with all threads; what does not fit in memory goes to the folder."""
    import duckdb  # noqa: PLC0415 - a twentieth of what a command takes to begin, and few commands need it

    connection = duckdb.connect(config={"memory_limit": memory, "threads": threads, "temp_directory": str(folder / "spill")})
    # Files lie here: reading ahead of who decodes them wins no time, and costs a third more of fresh pages of memory.
    connection.execute("SET async_threads = 0")
    connection.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false; SET GLOBAL TimeZone = 'UTC'")
    connection.execute(WORDS)
    turn = threading.Lock()  # two texts at once take no less time on the same cores, and twice the memory

    def ask(text: str) -> list[tuple[Any, ...]]:
        try:
            with turn, connection.cursor() as cursor:
                return cursor.execute(text).fetchall()
        except duckdb.OutOfMemoryException as error:
            raise BadInput("the lists", f"need more than {memory} of memory", "compare them in Athena") from error
        except duckdb.Error as error:
            why = str(error).splitlines()[0]
            raise BadInput("the lists", f"can't be compared ({why})", "fetch them anew, or use later ones") from error

    return ask

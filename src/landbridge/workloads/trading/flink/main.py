"""What Managed Flink starts: it lies at the root of the archive, and everything it needs in lib beside it."""

import sys
from pathlib import Path

LIBRARY = Path(__file__).resolve().parent / "lib" / "python"
PROPERTIES = Path("/etc/flink/application_properties.json")


def main() -> None:
    """Run the application with the properties AWS gives it."""
    sys.path.insert(0, str(LIBRARY))
    from landbridge.workloads.trading.flink.application import run  # noqa: PLC0415 - found only by the line above

    run(PROPERTIES.read_text(encoding="utf-8"), LIBRARY)


if __name__ == "__main__":
    main()

"""The way in: imports take a moment, and Ctrl-C during them is an interruption like any other."""

import sys

INTERRUPTED = 130  # cli/exits.py; not imported, because importing is what may be interrupted


def main() -> None:
    """Run one verb."""
    try:
        from landbridge.cli.main import run  # noqa: PLC0415

        code = run()
    except KeyboardInterrupt:
        sys.stderr.write("landbridge: interrupted before anything was begun\n")
        code = INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()

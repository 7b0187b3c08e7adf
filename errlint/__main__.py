"""``python -m errlint`` and the console script."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line and exits: 0 clean, 1 findings, 2 could not run, 3 a fault of errlint, 130 interrupted."""
    import gc

    gc.disable()  # documents are millions of small objects that live until the end: collecting costs up to 2.5 times
    from errlint.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()

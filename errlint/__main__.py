"""``python -m errlint`` and the console script."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs the command line and exits: 0 clean, 1 findings, 2 could not run, 3 a fault of errlint, 130 or 143 interrupted."""
    import gc

    gc.disable()  # documents are millions of small objects that live until the end: collecting costs up to 2.5 times
    from errlint.cli.main import run
    from errlint.cli.stopping import heed_termination

    heed_termination()
    code = run(sys.argv[1:])
    if sys.argv[1:2] != ["lint"] and "errlint.apps" not in sys.modules:  # an application's thread may hang for ever
        sys.exit(code)
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:  # noqa: SIM105 -- contextlib is start-up
            stream.flush()
        except (OSError, ValueError):  # closed early by whoever reads it
            pass
    os._exit(code)  # a large document is millions of objects: to free them one by one takes a tenth of the run


if __name__ == "__main__":
    main()

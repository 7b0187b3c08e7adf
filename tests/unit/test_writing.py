"""Files are written wholly or not at all, and what is no file is never replaced by one."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from errlint.api.writing import save


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    file, link = tmp_path / "kept" / "errors.yaml", tmp_path / "errors.yaml"
    file.write_bytes(b"old")
    link.symlink_to(file)
    save(str(link), b"new")
    assert (link.is_symlink(), file.read_bytes()) == (True, b"new")


def test_what_is_no_file_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        save(str(pipe), b"errors")
        assert (os.read(reader, 10), stat.S_ISFIFO(os.stat(pipe).st_mode)) == (b"errors", True)
    finally:
        os.close(reader)

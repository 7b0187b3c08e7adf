"""Runs one program and prints its wall time (ns), peak memory (KiB), CPU time (us) and exit code.

    python -I -S peers_launch.py STDOUT_FILE STDERR_FILE EXECUTABLE [ARGUMENT...]

A file of its own, with next to no imports: Linux starts a child's peak with the parent's memory at the moment of
exec, so a parent that is larger than the program would hide the program's own figure.
"""

import os
import sys
import time

out, err, *words = sys.argv[1:]
mode = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
files = [(os.POSIX_SPAWN_OPEN, 1, out, mode, 0o644), (os.POSIX_SPAWN_OPEN, 2, err, mode, 0o644)]
start = time.perf_counter_ns()
pid = os.posix_spawn(words[0], words, os.environ, file_actions=files)
status, usage = os.wait4(pid, 0)[1:]
wall = time.perf_counter_ns() - start
print(wall, usage.ru_maxrss, int((usage.ru_utime + usage.ru_stime) * 1e6), os.waitstatus_to_exitcode(status))

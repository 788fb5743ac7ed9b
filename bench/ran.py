"""Runs one command and tells what it took. A process of its own, and a small one: a child's memory at its height is
never less than that of the process that started it.

`python -m bench.ran WORDS...` prints JSON: exit status, seconds by the clock and of the processor, MB at its height and
stdout.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

if __name__ == "__main__":
    begun = time.perf_counter()
    child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert child.stdout is not None
    out = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    took = {
        "status": os.waitstatus_to_exitcode(status),
        "wall": time.perf_counter() - begun,
        "cpu": used.ru_utime + used.ru_stime,
        "mb": used.ru_maxrss / 1024,
        "out": out,
    }
    print(json.dumps(took))

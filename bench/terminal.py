"""A program in a real pseudo-terminal, and when it wrote what."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

ENV = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@dataclass
class Terminal:
    """The far end of a program's terminal."""

    leader: int
    child: subprocess.Popen[bytes]

    def read(self, patience_s: float) -> bytes:
        """What the program wrote, as soon as there is some; empty after `patience_s` seconds or when it has ended."""
        if not select.select([self.leader], [], [], patience_s)[0]:
            return b""
        try:
            return os.read(self.leader, 1 << 16)
        except OSError:  # how Linux says that the other end is closed
            return b""

    def until(self, mark: bytes, patience_s: float = 20.0) -> float:
        """The moment (perf_counter) at which `mark` had been written; TimeoutError where it never is."""
        seen, end = b"", time.perf_counter() + patience_s
        while (now := time.perf_counter()) < end:
            seen = seen[-len(mark) :] + self.read(end - now)
            if mark in seen:
                return time.perf_counter()
        raise TimeoutError(f"never shown: {mark!r}")

    def quiet(self, for_s: float) -> bytes:
        """Everything written until nothing has been for `for_s` seconds."""
        seen = b""
        while more := self.read(for_s):
            seen += more
        return seen


@contextmanager
def terminal(words: Sequence[str], columns: int = 120, rows: int = 40) -> Iterator[Terminal]:
    """Start `words` in a terminal of its own; it is killed at the end."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    child = subprocess.Popen(
        words, stdin=follower, stdout=follower, stderr=follower, env={**os.environ, **ENV}, start_new_session=True
    )
    os.close(follower)
    try:
        yield Terminal(leader, child)
    finally:
        child.kill()
        child.wait()
        os.close(leader)

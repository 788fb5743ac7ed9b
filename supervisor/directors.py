"""Who is a director: by the login of the process, which nobody can choose as they can `console.who`."""

from __future__ import annotations

import os

from supervisor.config import Config


def is_director(config: Config) -> bool:
    """Whether this person is one of `floor.directors`. Where none are named nobody is: what is private stays so."""
    return login() in config.floor.directors


def may_audit(config: Config) -> bool:
    """Whether this person may approve, and send back, what a director holds: a director, or anybody where none are
    named."""
    return not config.floor.directors or is_director(config)


def login() -> str:
    """Return the login name of the process; "" where it has none."""
    try:
        import pwd
    except ImportError:  # no Unix
        return os.getlogin()
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""

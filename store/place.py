"""Where a store is: what a URL or path names, and whether a file may live on that file system."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from store import StoreError

# Shared-memory WAL needs one kernel behind the file. statfs(2) has one magic number for all of FUSE, local and remote,
# so the names of the mount table decide.
_NETWORK = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "coda", "davfs", "glusterfs", "gpfs", "beegfs",
    "lustre", "ncpfs", "orangefs", "prl_fs", "vboxsf", "vmhgfs",
}  # fmt: skip
_NETWORK_FUSE = (
    "sshfs", "s3fs", "glusterfs", "ceph", "rclone", "davfs", "gcsfuse", "goofys", "juicefs", "mfs", "vmhgfs", "smb",
    "gvfs", "blobfuse",
)  # fmt: skip
MOUNTS = Path("/proc/self/mountinfo")


@dataclass(frozen=True, slots=True)
class Place:
    """A store's place: a file (`path`, links resolved) or a PostgreSQL database (`url`). `shown` has no password."""

    shown: str
    path: Path | None = None
    url: str = ""


def place_of(url: str) -> Place:
    """Return the place `url` names: a path, sqlite:///path, or postgresql://...; StoreError where it names none."""
    try:
        url.encode()  # a path from the command line can hold bytes that no database's driver takes
    except UnicodeEncodeError:
        raise StoreError(f"the store's name {url} is not UTF-8 throughout; name another place, or rename it") from None
    scheme, separator, rest = url.partition("://")
    if not separator:
        if not url.strip():
            raise StoreError(
                "no store is named; give a path or postgresql://... by --store, SUPERVISOR_STORE or [store] url"
            )
        return _file(url)
    if scheme in ("sqlite", "sqlite+pysqlite") and rest.startswith("/") and len(rest) > 1:
        return _file(rest[1:])  # sqlite:///relative, sqlite:////absolute
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        try:
            parts = urlsplit(f"postgresql://{rest}")
        except ValueError:  # its words repeat the URL, and with it the password
            raise StoreError("the store's URL cannot be read; write postgresql://user@host/database") from None
        shown = f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"
        return Place(shown=shown, url=f"postgresql+psycopg://{rest}")
    raise StoreError(
        f"{scheme}://... is no store this program knows; give a path, sqlite:///path or postgresql://user@host/database"
    )


def _file(path: str) -> Place:
    if "\0" in path:
        raise StoreError("the path of the store contains a NUL byte")
    real = Path(os.path.realpath(Path(path).expanduser()))
    return Place(shown=str(real), path=real)


def file_system_of(path: Path, mounts: str) -> str | None:
    """Return the type of the file system that holds `path`, by the text of a Linux mount table (proc(5), mountinfo)."""
    found, longest = None, -1
    for line in mounts.splitlines():
        fields, _, kind = line.partition(" - ")
        point = fields.split(" ")[4].encode("latin-1", "replace").decode("unicode_escape")  # \040 is a space
        if path.is_relative_to(point) and len(point) >= longest:  # a later mount covers an earlier one
            found, longest = kind.split(" ")[0], len(point)
    return found


def refuse_network(path: Path, mounts: str | None = None) -> None:
    """StoreError where `path` lies on a network file system, on which SQLite loses data. `mounts`: the mount table, the
    system's where None; a system without one refuses nothing."""
    if mounts is None:
        if not MOUNTS.exists():
            return
        mounts = MOUNTS.read_text(errors="replace")
    kind = file_system_of(path, mounts) or ""
    if kind in _NETWORK or (kind.startswith("fuse.") and any(name in kind for name in _NETWORK_FUSE)):
        raise StoreError(
            f"{path} is on a network file system ({kind}), where a SQLite file loses data; put it on a local disk, or "
            "use a PostgreSQL database: postgresql://user@host/database"
        )

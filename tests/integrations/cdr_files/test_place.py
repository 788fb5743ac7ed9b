"""Where reading stopped is found again through rotation, whenever that happens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from integrations.cdr_files.place import Place, in_turn, place_after, place_in, to_read
from integrations.provider import Batch


def test_a_place_at_the_beginning_finds_its_file_again_after_two_rotations(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    path.write_bytes(b'"first line of many')
    place = place_after(path.read_bytes(), 0, 1)
    path.rename(tmp_path / "Master.csv.1")
    (tmp_path / "Master.csv.2").write_bytes(b'"second"\n')
    path.write_bytes(b'"third"\n')
    os.utime(tmp_path / "Master.csv.1", (1, 1))
    os.utime(tmp_path / "Master.csv.2", (2, 2))
    found = [file.name for file, _ in to_read(path, place_in(place.text()))]
    assert found == ["Master.csv.1", "Master.csv.2", "Master.csv"]


def test_a_file_rotated_while_reading_is_left_for_the_next_reading(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    path.write_bytes(b"one\n")
    place = place_after(b"one\n", 4, 2)
    path.rename(tmp_path / "Master.csv.1")
    path.write_bytes(b"two\n")

    def read(file: Path, begin: Place | None) -> Iterator[Batch]:
        if file == path and not (tmp_path / "Master.csv.2").exists():  # rotated before it is open
            path.rename(tmp_path / "Master.csv.2")
            path.write_bytes(b"three\n")
        yield Batch([], f"{file.name} {file.read_text().strip()}")

    assert [batch.cursor for batch in in_turn(path, place, read)] == ["Master.csv.1 one"]
    later = [batch.cursor for batch in in_turn(path, place, read)]
    assert later == ["Master.csv.1 one", "Master.csv.2 two", "Master.csv three"]

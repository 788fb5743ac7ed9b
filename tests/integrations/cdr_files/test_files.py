"""Call records in files: what each format says, what is broken in them, and files that grow and are rotated."""

from __future__ import annotations

import csv
import gzip
import io
import os
import shutil
import time
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from integrations.cdr_files import FilesProvider, folder, reading, records
from integrations.cdr_files.place import place_in
from integrations.cdr_files.settings import FilesSettings, Format
from integrations.provider import Batch, Context, Direction, Gap, Health, Leg, Level, Outcome, SourceError

DATA = Path(__file__).parents[2] / "data"
BERLIN = ZoneInfo("Europe/Berlin")
ASTERISK = FilesSettings(
    type="files",
    format=Format.ASTERISK_CSV,
    agents=("PJSIP/{agent}-*",),
    trunks=("PJSIP/carrier-*", "PJSIP/deadtrunk-*"),
    dial_prefixes=("9",),
)
FREESWITCH = FilesSettings(type="files", format=Format.FREESWITCH_CSV, agents=("spec-{agent}",), dial_prefixes=("9",))
JSON = FilesSettings(
    type="files",
    format=Format.FREESWITCH_JSON,
    agents=("loopback/{agent}-a",),
    trunks=("loopback/1555*",),
    dial_prefixes=("9",),
)
PLAIN = FilesSettings(type="files", format=Format.CSV)
MASTER = (DATA / "asterisk" / "main.Master.csv").read_bytes()


def read(path: Path, settings: FilesSettings, cursor: str | None = None, following: bool = False) -> list[Batch]:
    return list(reading.read(path, settings, BERLIN, place_in(cursor), following))


def legs_of(batches: list[Batch]) -> list[Leg]:
    return [leg for batch in batches for leg in batch.legs]


def reasons(batches: list[Batch]) -> list[tuple[int, str]]:
    return [(record.row, record.reason) for batch in batches for record in batch.rejected]


def written(folder: Path, content: str | bytes, name: str = "Master.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def dials(legs: list[Leg]) -> list[tuple[str | None, str, str, int | None]]:
    found = (leg for leg in legs if leg.direction == Direction.OUTBOUND)
    return [(leg.agent, leg.to_raw, str(leg.outcome), leg.talk_ms) for leg in found]


# -- FreeSWITCH ---------------------------------------------------------------------------------------------------


def test_freeswitch_csv_tells_who_dialled_whom(tmp_path: Path) -> None:
    batches = read(DATA / "freeswitch" / "Master.csv", FREESWITCH)
    assert (sum(batch.rows for batch in batches), reasons(batches)) == (88, [])
    assert dials(legs_of(batches))[:8] == [
        ("1003", "15551050001", "answered", 7000),
        ("1003", "15553000001", "busy", 0),
        ("1003", "15554000001", "failed", 0),
        ("1003", "15555000001", "failed", 0),
        ("1003", "15552000001", "no_answer", 0),
        ("1004", "15552000002", "cancelled", 0),
        ("1005", "15551010009", "answered", 3000),
        ("1005", "15551010009", "answered", 3000),
    ]
    first = legs_of(batches)[0]
    both = [leg for leg in legs_of(batches) if leg.group_id == first.group_id]
    assert len(both) == 2, "the customer's leg belongs to the call of the specialist's"


def test_freeswitch_csv_by_extensions_where_no_pattern_is_told(tmp_path: Path) -> None:
    row = '"A","{}","{}","default","2026-11-23 10:00:00","{}","2026-11-23 10:01:00","60","{}","{}","u{}","{}",""{}\n'
    answered = "2026-11-23 10:00:10"
    codecs = ',"PCMA","PCMA"'
    path = written(
        tmp_path,
        row.format("1003", "15551050001", answered, 50, "NORMAL_CLEARING", 1, "b1", codecs)
        + row.format("15551050001", "1003", "", 0, "ORIGINATOR_CANCEL", 2, "", codecs)
        + row.format("1003", "1004", answered, 50, "NORMAL_CLEARING", 3, "b3", codecs),
    )
    found = [
        (leg.agent, leg.direction, leg.outcome, leg.talk_ms)
        for leg in legs_of(read(path, FilesSettings(type="files", format=Format.FREESWITCH_CSV)))
    ]
    assert found == [
        ("1003", Direction.OUTBOUND, Outcome.ANSWERED, 50_000),
        ("1003", Direction.INBOUND, Outcome.MISSED, 0),
        ("1003", Direction.INTERNAL, Outcome.ANSWERED, 50_000),
    ]


def test_freeswitch_json_is_exact_to_the_microsecond() -> None:
    batches = list(folder.read(DATA / "freeswitch" / "json_cdr", JSON, None))
    assert (sum(batch.rows for batch in batches), reasons(batches)) == (40, [])
    leg = next(leg for leg in legs_of(batches) if leg.leg_id.startswith("38ae5f39"))
    assert (leg.agent, leg.to_raw, leg.started_us, leg.answered_us, leg.ended_us, leg.talk_ms, leg.line) == (
        "1003",
        "15551050001",
        1795456918647664,
        1795456920667581,
        1795456925167614,
        4500,
        "loopback/15551050001-a",
    )
    outcomes = Counter(outcome for _, _, outcome, _ in dials(legs_of(batches)))
    assert outcomes["answered"] >= 4 and outcomes["failed"] == 2 and outcomes["no_answer"] == 1


def test_freeswitch_json_unpacks_url_encoded_values_and_reads_b_legs(tmp_path: Path) -> None:
    record = {
        "variables": {
            "uuid": "b",
            "call_uuid": "a",
            "originating_leg_uuid": "a",
            "channel_name": "sofia%2Finternal%2F1003%40pbx.example",
            "start_stamp": "2026-11-23%2010%3A00%3A00",
            "start_epoch": "1795424400",
            "answer_epoch": "1795424410",
            "bridge_epoch": "1795424410",
            "end_epoch": "1795424470",
            "hold_accum_usec": "5000000",
            "hangup_cause": "NORMAL_CLEARING",
        },
        "callflow": [
            {
                "caller_profile": {
                    "caller_id_number": "4930123456",
                    "destination_number": "1003",
                    "originator": {"originator_caller_profiles": [{"chan_name": "sofia/external/4930123456@x"}]},
                }
            }
        ],
    }
    path = written(tmp_path, msgspec.json.encode(record), "b.cdr.json")
    (leg,) = legs_of(list(folder.read(path, FilesSettings(type="files", format=Format.FREESWITCH_JSON), None)))
    assert (leg.agent, leg.group_id, leg.parent_id, leg.direction, leg.from_raw, leg.talk_ms, leg.hold_ms) == (
        "1003", "a", "a", Direction.INBOUND, "4930123456", 55_000, 5_000,
    )  # fmt: skip


def test_a_folder_goes_on_where_it_stopped_and_waits_for_a_half_written_file(tmp_path: Path) -> None:
    names = sorted((DATA / "freeswitch" / "json_cdr").iterdir())[:4]
    for age, name in zip((300, 200, 100), names, strict=False):
        copy = shutil.copy(name, tmp_path)
        then = time.time() - age
        os.utime(copy, (then, then))
    first = list(folder.read(tmp_path, JSON, None))
    assert len(legs_of(first)) == 3
    half = written(tmp_path, names[3].read_bytes()[:800], names[3].name)
    again = list(folder.read(tmp_path, JSON, first[-1].cursor))
    assert half.name not in str(reasons(again)) and len(legs_of(again)) == 1, "only the overlap"
    shutil.copy(names[3], half)
    done = list(folder.read(tmp_path, JSON, again[-1].cursor))
    assert {leg.leg_id for leg in legs_of(done)} >= {half.name.removesuffix(".cdr.json").removeprefix("a_")}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"variables": {}}', b"\xff\xfe\x00", b'{"variables":1,"callflow":[]}']
)
def test_a_file_that_is_no_json_record_is_rejected_by_name(tmp_path: Path, content: bytes) -> None:
    good = shutil.copy(next((DATA / "freeswitch" / "json_cdr").iterdir()), tmp_path)
    written(tmp_path, content, "bad.json")
    batches = list(folder.read(tmp_path, JSON, None))
    assert len(legs_of(batches)) == 1 and Path(good).exists()
    assert [reason.startswith("bad.json: ") for _, reason in reasons(batches)] == [True]


# -- Asterisk -----------------------------------------------------------------------------------------------------


def test_every_row_of_asterisk_is_read_over_its_line_ends(tmp_path: Path) -> None:
    batches = read(written(tmp_path, MASTER), ASTERISK)
    assert (sum(batch.rows for batch in batches), reasons(batches)) == (152, [])
    assert ("1003", "15551050001", "answered", 5000) in dials(legs_of(batches))


@pytest.mark.parametrize("width", [16, 17, 18, 19, 20, 21])
def test_every_width_of_asterisk(tmp_path: Path, width: int) -> None:
    keep = {16: 16, 17: 17, 18: 18, 19: 16, 20: 17, 21: 18}[width]
    out = io.StringIO()
    for index in range(3):
        unique, phone, trunk = f"1795454949.{index}", f"PJSIP/100{index}-00000000", f"PJSIP/carrier-0000000{index}"
        times = [f"2026-11-23 18:29:{second}" for second in ("09", "11", "16")]
        start = ["", f"100{index}", "915551050001", "agents", "x", phone, trunk, "Dial", "PJSIP/15551050001@carrier,25"]
        row = [*start, *times, "7", "5", "ANSWERED", "DOCUMENTATION", unique, "lead"][:keep]
        csv.writer(out).writerow(row + (["peer", unique, str(index)] if width > 18 else []))
    lines = [out.getvalue()]
    legs = legs_of(read(written(tmp_path, "".join(lines)), ASTERISK))
    assert [(leg.agent, leg.to_raw, leg.talk_ms) for leg in legs] == [
        (f"100{i}", "15551050001", 5000) for i in range(3)
    ]
    assert len({leg.leg_id for leg in legs}) == 3 and len({leg.group_id for leg in legs}) == 3
    assert legs == legs_of(read(tmp_path / "Master.csv", ASTERISK)), "the same file gives the same ids"


# -- anyone's CSV -------------------------------------------------------------------------------------------------

HEADER = "id,group,agent,direction,from,to,started,answered,ended,talk_seconds,outcome\n"
ROW = "1,g1,1003,outbound,1003,+4915112345678,2026-11-23 10:00:00,2026-11-23 10:00:05,2026-11-23 10:01:05,60,answered\n"


def test_plain_columns(tmp_path: Path) -> None:
    (leg,) = legs_of(read(written(tmp_path, HEADER + ROW), PLAIN))
    assert (leg.leg_id, leg.group_id, leg.agent, leg.direction, leg.to_raw, leg.talk_ms, leg.outcome) == (
        "1", "g1", "1003", Direction.OUTBOUND, "+4915112345678", 60_000, Outcome.ANSWERED,
    )  # fmt: skip
    assert leg.started_us == 1795424400_000_000


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "gb18030", "cp1252", "utf-16-be"])
def test_a_mapping_and_every_encoding(tmp_path: Path, codec: str) -> None:
    name = "Gespräch" if codec == "cp1252" else "开始时间"
    text = f"{name};Nebenstelle;Ziel;Dauer\n" + "".join(
        f"2026-11-23 10:{minute:02}:00;1003;+491511234567{minute % 10};{minute},5\n" for minute in range(60)
    )
    mapping = {"started": name, "agent": "nebenstelle", "to": "ziel", "talk_seconds": "DAUER"}
    settings = msgspec.structs.replace(PLAIN, mapping=mapping)
    batches = read(written(tmp_path, text.encode(codec)), settings)
    assert reasons(batches) == []
    assert [leg.talk_ms for leg in legs_of(batches)] == [minute * 1000 + 500 for minute in range(60)]
    cursor = batches[-1].cursor
    assert legs_of(read(tmp_path / "Master.csv", settings, cursor)) == []
    with (tmp_path / "Master.csv").open("ab") as file:
        file.write(
            "2026-11-24 10:00:00;1004;+4915112345678;7\n".encode(
                codec.replace("16", "16-le").replace("-le-be", "-be").replace("-sig", "")
            )
        )
    assert [leg.agent for leg in legs_of(read(tmp_path / "Master.csv", settings, cursor))] == ["1004"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("2026-11-23 10:00:00", "2026-03-29 02:30:00"), "does not exist in Europe/Berlin"),
        (("2026-11-23 10:00:00", "2026-11-23 10:02:00"), "before it started"),
        (("2026-11-23 10:00:05", "2026-11-23 10:09:05"), "after it ended"),
        (("2026-11-23 10:00:05", "2026-11-23 09:09:05"), "before it started"),
        ((",60,", ",-60,"), "talk_seconds is '-60'"),
        ((",60,", ",1e400,"), "talk_seconds"),
        (("2026-11-23 10:00:00", "23/11/2026 10:00"), "is not a time"),
        (("2026-11-23 10:00:00", ""), "no start time"),
        (("outbound", "sideways"), "direction is 'sideways'"),
        ((",answered\n", ",splendid\n"), "outcome is 'splendid'"),
        (("1003,outbound", "outbound"), "10 columns, expected 11"),
        (("g1", "g" * 200_000), "field larger"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_goes_in(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    path = written(tmp_path, HEADER + ROW.replace("1,", "0,", 1) + ROW.replace(*change) + ROW.replace("1,", "2,", 1))
    batches = read(path, PLAIN)
    assert [leg.leg_id for leg in legs_of(batches)] == ["0", "2"]
    ((row, reason),) = reasons(batches)
    assert row == 3 and words in reason


def test_a_time_that_occurs_twice_is_marked_and_one_with_an_offset_is_not(tmp_path: Path) -> None:
    twice = ROW.replace("2026-11-23 10:00:00", "2026-10-25 02:30:00").replace("2026-11-23 10:0", "2026-10-25 03:0")
    exact = twice.replace("2026-10-25 02:30:00", "2026-10-25T02:30:00+01:00")
    first, second = legs_of(read(written(tmp_path, HEADER + twice + exact), PLAIN))
    assert (first.ambiguous, second.ambiguous) == (True, False)
    assert second.started_us - first.started_us == 3600 * 1_000_000


# -- broken files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", [64, 1000, 1 << 20])
def test_a_file_cut_anywhere_is_read_to_its_last_whole_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(records, "BLOCK", block)
    whole = [leg.leg_id for leg in legs_of(read(written(tmp_path, MASTER), ASTERISK))]
    assert len(whole) == 152
    for cut in range(0, len(MASTER), 997):
        path = written(tmp_path, MASTER[:cut])
        before = read(path, ASTERISK)
        path.write_bytes(MASTER)
        after = read(path, ASTERISK, before[-1].cursor if before else None)
        assert [leg.leg_id for leg in legs_of(before) + legs_of(after)] == whole, cut
        assert reasons(before) + reasons(after) == []


@pytest.mark.parametrize("bad", ['"never closed,1,2\n', '"x"",1\n', "\0\0\0\n", "one,two\n", '"a\rb",c\n', "a\rb,c\n"])
@pytest.mark.parametrize("place", [0, 5, 11])
def test_one_broken_line_costs_one_line(tmp_path: Path, bad: str, place: int) -> None:
    lines = [ROW.replace("1,", f"{number},", 1) for number in range(12)]
    lines.insert(place, bad)
    for following in (False, True):
        batches = read(written(tmp_path, HEADER + "".join(lines)), PLAIN, following=following)
        assert [leg.leg_id for leg in legs_of(batches)] == [str(number) for number in range(12)]
        assert [row for row, _ in reasons(batches)] == [place + 2]


def test_a_line_without_end_is_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + ROW + "x" * (9 << 20) + "\n" + ROW.replace("1,", "2,", 1))
    batches = read(path, PLAIN)
    assert [leg.leg_id for leg in legs_of(batches)] == ["1", "2"]
    assert reasons(batches) == [(3, "a line of more than 4,194,304 bytes")]


def test_the_last_line_without_its_end_counts_once_nothing_is_added(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + ROW + ROW.replace("1,", "2,", 1).rstrip())
    assert len(legs_of(read(path, PLAIN))) == 2
    assert len(legs_of(read(path, PLAIN, following=True))) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bytes(range(256)) * 40, "not a text file"),
        (b"PK\x03\x04" + b"x" * 100, "not a text file"),
        (b"\x1f\x8b not gzip", "cannot be read as csv"),
        (b"colour,size\nred,1\n", "no column for agent, to, started"),
    ],
)
def test_a_file_that_is_none_is_one_clear_error(tmp_path: Path, content: bytes, words: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(SourceError, match=words) as raised:
        read(path, PLAIN)
    assert str(path) in str(raised.value)


def test_folders_and_missing_files_are_told_apart(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "is a folder"), (tmp_path / "no", "there is no such file")):
        with pytest.raises(SourceError, match=words):
            read(path, PLAIN)


# -- files that grow ----------------------------------------------------------------------------------------------


def provider(path: Path, settings: FilesSettings = ASTERISK) -> FilesProvider:
    told = msgspec.structs.replace(settings, path=path.name, poll_seconds=0.01)
    return FilesProvider("pbx", told, lambda stem: None, Context("DE", "Europe/Berlin", str(path.parent)))


async def filled(source: FilesProvider, cursor: str | None) -> tuple[list[str], str | None]:
    ids: list[str] = []
    async for batch in source.backfill(cursor):
        ids += [leg.leg_id for leg in batch.legs]
        cursor = batch.cursor
    return ids, cursor


def split(content: bytes, parts: int) -> list[bytes]:
    """Cut at line ends that are record ends."""
    ends = [0]
    for part in range(1, parts):
        at = content.index(b'\n"spec-', len(content) * part // parts) + 1
        ends.append(at)
    return [content[a:b] for a, b in zip(ends, [*ends[1:], len(content)], strict=True)]


@pytest.mark.parametrize("way", ["rename", "copytruncate", "gzip", "twice"])
async def test_a_cursor_goes_on_through_rotation(tmp_path: Path, way: str) -> None:
    one, two, three = split(MASTER, 3)
    whole = [leg.leg_id for leg in legs_of(read(written(tmp_path, MASTER, "whole"), ASTERISK))]
    path = written(tmp_path, one)
    source = provider(path)
    first, cursor = await filled(source, None)
    with path.open("ab") as file:
        file.write(two)
    (tmp_path / "Master.csv.rejects.csv").write_text("row,reason\n")
    if way == "copytruncate":
        shutil.copy(path, tmp_path / "Master.csv.1")
        os.truncate(path, 0)
    elif way == "gzip":
        with gzip.open(tmp_path / "Master.csv-20261123.gz", "wb") as packed:
            packed.write(path.read_bytes())
        path.unlink()
    elif way == "rename":
        path.rename(tmp_path / "Master.csv.1")
    else:
        path.rename(tmp_path / "Master.csv.2")
        middle, three = split(three, 2)
        written(tmp_path, middle, "Master.csv.1")
    with path.open("ab") as file:
        file.write(three)
    rest, cursor = await filled(source, cursor)
    assert first + rest == whole
    assert await filled(source, cursor) == ([], cursor)


async def test_live_yields_what_is_added_through_rotation_and_says_when_the_file_is_gone(tmp_path: Path) -> None:
    one, two, three = split(MASTER, 3)
    path = tmp_path / "Master.csv"
    source = provider(path)
    events = source.live()
    down = await anext(events)
    assert isinstance(down, Health) and not down.up and str(path) in down.detail
    path.write_bytes(one)
    up, gap = await anext(events), await anext(events)
    assert isinstance(up, Health) and up.up and isinstance(gap, Gap)
    with path.open("ab") as file:
        file.write(two)
    added = legs_of(read(written(tmp_path, two, "two"), ASTERISK))
    assert [await anext(events) for _ in added] == added
    path.rename(tmp_path / "Master.csv.1")
    path.write_bytes(three)
    more = legs_of(read(written(tmp_path, three, "three"), ASTERISK))
    found = []
    while len(found) < len(more):
        event = await anext(events)
        if isinstance(event, Leg):
            found.append(event)
    assert found == more
    await events.aclose()


async def test_live_follows_a_folder(tmp_path: Path) -> None:
    names = sorted((DATA / "freeswitch" / "json_cdr").iterdir())[:2]
    folder_ = tmp_path / "cdr"
    folder_.mkdir()
    events = provider(folder_, JSON).live()
    assert [type(await anext(events)) for _ in range(2)] == [Health, Gap]
    shutil.copyfile(names[0], folder_ / names[0].name)
    leg = await anext(events)
    assert isinstance(leg, Leg) and names[0].name.startswith((leg.leg_id, f"a_{leg.leg_id}"))
    await events.aclose()


async def test_check_says_what_is_wrong(tmp_path: Path) -> None:
    assert [finding.level for finding in await provider(tmp_path / "no.csv").check()] == [Level.FAIL]
    assert [finding.level for finding in await provider(written(tmp_path, MASTER)).check()] == [Level.OK]
    assert [finding.level for finding in await provider(written(tmp_path, "a,b\n")).check()] == [Level.FAIL]
    assert [finding.level for finding in await provider(written(tmp_path, "")).check()] == [Level.WARN]


async def test_a_followed_csv_finds_its_mapping_by_name(tmp_path: Path) -> None:
    path = written(tmp_path, "Wer,Wen,Wann\n1003,+4915112345678,2026-11-23 10:00:00\n")
    settings = msgspec.structs.replace(PLAIN, path=path.name, mapping="ours")
    for mappings, level in (({}, Level.FAIL), ({"ours": {"agent": "wer", "to": "wen", "started": "wann"}}, Level.OK)):
        context = Context("DE", "Europe/Berlin", str(tmp_path), mappings)
        (finding,) = await FilesProvider("sheet", settings, lambda stem: None, context).check()
        assert finding.level is level, finding

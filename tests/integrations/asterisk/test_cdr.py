"""The CDR file of the recorded session, and of files that are broken."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from integrations.asterisk.backfill import backfill
from integrations.asterisk.cdr import DISPOSITIONS, Cdr, parser
from integrations.asterisk.naming import RowNaming
from integrations.asterisk.reconstruct import _Group, reconstructed
from integrations.cdr_files.times import local_reader
from integrations.provider import Batch, Direction, Leg, Outcome, Progress, SourceError
from tests.integrations.asterisk.recordings import DATA, TrueCall, settings, true_calls

MASTER = DATA / "main.Master.csv"
BERLIN = ZoneInfo("Europe/Berlin")
NAMING = RowNaming(settings().agents, settings().trunks, settings().dial_prefixes)
LATER = 1_900_000_000_000_000

TRUE = true_calls()

CANNOT_TELL_TALK = {"c2c-answered", "c2c-sync"}
"""The customer's answer of a click-to-call: billsec counts from the specialist's."""
CANNOT_TELL_OUTCOME = {"trunk-down": Outcome.NO_ANSWER}
"""A dead trunk with nothing dialled after it reads like a customer who does not answer."""
CANNOT_TELL_NUMBER = {"dialler-answered", "dialler-busy", "dialler-no-answer", "dialler-abandoned"}
"""The customer rung first through a trunk: its number stands in no column. Answered ones read like arrivals: the row of
the trunk's channel that dials a specialist is the same, down to the columns."""


def fields(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def master_rows() -> list[list[str]]:
    return fields(MASTER.read_bytes().decode("utf-8", "replace"))


def parsed(rows: Sequence[Sequence[str]], zone: ZoneInfo = BERLIN) -> list[Cdr]:
    return [parser(local_reader(zone))(row, ",".join(row)) for row in rows]


def telling(rows: Sequence[Cdr]) -> list[Leg]:
    """The legs of `rows` as a gap is filled with them."""
    return [leg._replace(approximate=True) for leg in reconstructed(rows, NAMING) if leg.direction != "unknown"]


def plain(legs: Sequence[Leg]) -> list[Leg]:
    """`legs` in order, without the text they were read from."""
    return sorted(leg._replace(raw="") for leg in legs)


def groups(legs: Sequence[Leg]) -> dict[str, list[Leg]]:
    found: dict[str, list[Leg]] = defaultdict(list)
    for leg in legs:
        found[leg.group_id].append(leg)
    return found


@pytest.fixture(scope="module")
def calls() -> dict[str, list[Leg]]:
    return groups(telling(parsed(master_rows())))


def attempts(calls: dict[str, list[Leg]], number: str) -> list[list[Leg]]:
    return [those for those in calls.values() if those[0].to_raw == number and not those[0].parent_id]


@pytest.mark.parametrize(
    "true",
    [true for true in TRUE if true.scenario not in CANNOT_TELL_NUMBER],
    ids=lambda true: f"{true.scenario}-{true.number}",
)
def test_each_true_call_is_found_as_far_as_rows_can_tell(true: TrueCall, calls: dict[str, list[Leg]]) -> None:
    expected = CANNOT_TELL_OUTCOME.get(true.scenario, true.outcome)
    [legs] = [those for those in attempts(calls, true.number) if those[0].outcome == expected]
    first = legs[0]
    assert first.direction is Direction.OUTBOUND
    assert first.agent == true.specialist
    assert first.approximate
    assert first.progress is Progress.ENDED
    talk = {leg.agent: (leg.talk_ms or 0) / 1000 for leg in legs if leg.agent is not None and leg.talk_ms}
    assert talk.keys() == true.talk.keys()
    if true.scenario not in CANNOT_TELL_TALK:
        assert talk == pytest.approx(true.talk, abs=1)


def test_no_dial_is_invented(calls: dict[str, list[Leg]]) -> None:
    told = sorted(those[0].to_raw for those in calls.values() if those[0].direction is Direction.OUTBOUND)
    unnamed = ["", ""]  # the dialler's unanswered ones: that somebody was rung is told, not who
    assert told == sorted([*unnamed, *(true.number for true in TRUE if true.scenario not in CANNOT_TELL_NUMBER)])


def test_customers_rung_first_are_kept_with_what_rows_tell(calls: dict[str, list[Leg]]) -> None:
    unnamed = {those[0].outcome for those in attempts(calls, "") if those[0].direction is Direction.OUTBOUND}
    assert unnamed == {Outcome.BUSY, Outcome.NO_ANSWER}
    [answered] = attempts(calls, "1005")
    assert [(leg.agent, leg.direction) for leg in answered] == [("1005", Direction.INBOUND)]
    assert attempts(calls, "1011")[0][0].outcome is Outcome.MISSED


def test_every_line_is_the_one_the_events_tell(calls: dict[str, list[Leg]]) -> None:
    lines = [those[0].line for those in calls.values()]
    assert len(lines) == len(set(lines)) == len(TRUE) + 2 + 9  # two internal calls, nine arrivals
    assert not any("ffffffff" in (line or "") or "Spy" in (line or "") for line in lines)


def test_a_share_spans_its_call_so_that_it_is_known_again_by_line_and_time(calls: dict[str, list[Leg]]) -> None:
    [legs] = attempts(calls, "15556050040")
    assert [leg.agent for leg in legs] == ["1007", "1009"]
    assert legs[1].started_us == legs[0].started_us
    assert legs[1].parent_id == legs[0].leg_id and legs[1].group_id == legs[0].group_id


def test_queue_calls(calls: dict[str, list[Leg]]) -> None:
    arrivals = {those[0].from_raw: those for those in attempts(calls, "7000")}
    assert {number: those[0].outcome for number, those in arrivals.items()} == {
        "15550001111": Outcome.ANSWERED,
        "15550002222": Outcome.MISSED,
        "15550003333": Outcome.MISSED,
    }
    assert {those[0].queue for those in arrivals.values()} == {"sales"}


def test_the_rows_order_does_not_matter_between_calls(calls: dict[str, list[Leg]]) -> None:
    rows = parsed(master_rows())
    order = {}
    for row in rows:
        order.setdefault(row.linked, random.Random(7).random() + len(order))
    shuffled = sorted(rows, key=lambda row: -order[row.linked])
    assert sorted(telling(shuffled)) == sorted(leg for those in calls.values() for leg in those)


def made(row: list[str], **columns: str) -> list[str]:
    places = {"channel": 5, "other": 6, "app": 7, "data": 8, "start": 9, "answer": 10, "end": 11, "said": 14}
    row = [*row, *[""] * (21 - len(row))]
    for name, value in columns.items():
        row[places.get(name, 20)] = value
    return row


STEP = made(master_rows()[0], other="", app="Hangup", data="", sequence="1")
OTHERS = [
    [],
    [STEP],
    [made(STEP, app="Busy")],
    [made(STEP, app="Congestion"), STEP],
    [made(STEP, app="Playback"), made(STEP, app="ChanSpy", sequence="9")],
]


@pytest.mark.parametrize("steps", OTHERS)
@pytest.mark.parametrize("said", sorted(DISPOSITIONS))
@pytest.mark.parametrize("answer", ["", "2026-11-23 18:29:11"])
def test_the_short_way_for_a_plain_dial_tells_the_same(steps: list[list[str]], said: str, answer: str) -> None:
    outbound = made(master_rows()[0], said=said, answer=answer)
    trunk, colleague = "PJSIP/carrier-00000001", "PJSIP/1009-00000001"
    internal = made(outbound, other=colleague, data="PJSIP/1009,20")
    inbound = made(outbound, channel=trunk, other=colleague, data="PJSIP/1009,20")
    forwarded = made(outbound, other=colleague, data="PJSIP/15551050001@1009")
    for dial, kind in ((outbound, "outbound"), (internal, "internal"), (inbound, "inbound"), (forwarded, "outbound")):
        rows = parsed([dial, *steps])
        legs = reconstructed(rows, NAMING)
        assert legs == _Group(rows[0].linked, rows, NAMING).legs()
        assert [leg.leg_id for leg in legs] == [row.id for row in rows]
        assert legs[0].direction == kind


def test_a_call_handed_on_and_back_is_talk_of_both_who_had_it() -> None:
    dial = made(master_rows()[0], sequence="0")
    trunk, linked = dial[6], dial[19]
    handed = made(dial, channel=trunk, other="PJSIP/1008-00000099", data="PJSIP/1008,20", sequence="1")
    handed[9:14] = ["2026-11-23 18:29:16", "2026-11-23 18:29:17", "2026-11-23 18:29:27", "11", "10"]
    back = made(dial, channel=trunk, other="PJSIP/1003-0000009a", data="PJSIP/1003,20", sequence="2")
    back[9:14] = ["2026-11-23 18:29:27", "2026-11-23 18:29:28", "2026-11-23 18:29:48", "21", "20"]
    handed[16] = back[16] = "1795454949.1"
    legs = reconstructed(parsed([dial, handed, back]), NAMING)
    assert [(leg.agent, leg.direction, leg.talk_ms) for leg in legs] == [
        ("1003", Direction.OUTBOUND, 25_000),
        ("1008", Direction.OUTBOUND, 10_000),
        (None, Direction.UNKNOWN, None),
    ]
    assert {leg.group_id for leg in legs} == {f"{linked}/{trunk}"}


def test_without_patterns_extensions_are_agents_and_all_other_peers_trunks() -> None:
    naming = RowNaming((), (), ())
    told = {channel: naming.whose(f"{channel}-0000000a") for channel in ("PJSIP/1003", "SIP/99", "IAX2/123456")}
    assert told == {"PJSIP/1003": ("1003", False), "SIP/99": ("99", False), "IAX2/123456": ("123456", False)}
    for channel in ("PJSIP/carrier-0000000a", "SIP/1-0000000a", "DAHDI/i1/15551050001-1", "PJSIP/1234567-0000000a"):
        assert naming.whose(channel) == (None, True), channel
    assert naming.whose("Local/1003@agents-0000000b;1") == naming.whose("Local/x@y-0000000b;2") == (None, False)
    assert naming.whose("") == (None, False)


WIDTHS: dict[int, Callable[[list[str]], list[str]]] = {
    16: lambda row: row[:16],
    17: lambda row: row[:17],
    18: lambda row: row[:18],
    19: lambda row: row[:16] + row[18:],
    20: lambda row: row[:17] + row[18:],
    21: lambda row: row,
}


@pytest.mark.parametrize("width", WIDTHS)
def test_every_width_tells_the_same_plain_calls(width: int) -> None:
    rows = [WIDTHS[width](row) for row in master_rows()[:24]]
    assert {len(row) for row in rows} == {width}
    legs = telling(parsed(rows))
    facts = [(leg.agent, leg.to_raw, leg.outcome, leg.talk_ms) for leg in legs]
    assert facts == [(leg.agent, leg.to_raw, leg.outcome, leg.talk_ms) for leg in telling(parsed(master_rows()[:24]))]
    assert len({leg.leg_id for leg in legs}) == len(legs)


def changed(**columns: str) -> list[str]:
    names = ("start", "answer", "end", "duration", "billsec", "said")
    row = list(master_rows()[0])
    for name, value in columns.items():
        row[9 + names.index(name)] = value
    return row


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["a"] * 15, "15 columns, expected 16 to 21"),
        (changed(duration="-3"), "duration and billsec are '-3' and '5', expected whole seconds"),
        (changed(billsec="five"), "duration and billsec are '7' and 'five', expected whole seconds"),
        (changed(start="2026-03-29 02:30:00"), "does not exist in Europe/Berlin"),
        (changed(start="2026-13-01 00:00:00"), "month must be in 1..12"),
        (changed(end="2026-11-23 18:29:08"), r"ended \(2026-11-23 18:29:08\) before it started"),
        (changed(answer="2026-11-23 18:28:00"), "outside of the call"),
        (changed(said="PERHAPS"), "disposition is 'PERHAPS'"),
    ],
)
def test_a_row_that_is_none_says_why(row: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parsed([row])


def test_a_time_that_occurs_twice_is_marked_and_ends_after_its_start() -> None:
    row = changed(
        start="2026-10-25 02:59:50",
        answer="2026-10-25 02:59:55",
        end="2026-10-25 02:00:20",
        duration="30",
        billsec="25",
    )
    [cdr] = parsed([row])
    assert cdr.ambiguous
    assert (cdr.end_us - cdr.start_us, cdr.answer_us) == (30_000_000, cdr.start_us + 5_000_000)
    assert reconstructed([cdr], NAMING)[0].ambiguous


def test_usegmtime_is_utc() -> None:
    assert parsed([changed()], ZoneInfo("UTC"))[0].start_us - parsed([changed()])[0].start_us == 3_600_000_000


# -- the file ---------------------------------------------------------------------------------------------------------


def filled(path: Path, cursor: str | None = None, until_us: int = LATER) -> tuple[list[Leg], list[Batch]]:
    batches = list(backfill(path, NAMING, BERLIN, cursor, until_us))
    return [leg for batch in batches for leg in batch.legs], batches


def test_the_file_read_at_once_tells_the_calls_of_its_rows(calls: dict[str, list[Leg]]) -> None:
    legs, batches = filled(MASTER)
    assert plain(legs) == plain([leg for those in calls.values() for leg in those])
    assert sum(batch.rows for batch in batches) == 152
    assert filled(MASTER, batches[-1].cursor)[0] == []


@pytest.mark.parametrize("seed", range(5))
def test_a_file_that_grows_tells_each_call_once_and_whole(
    seed: int, tmp_path: Path, calls: dict[str, list[Leg]]
) -> None:
    path, data, at, cursor = tmp_path / "Master.csv", MASTER.read_bytes(), 0, None
    told: dict[str, Leg] = {}
    random_ = random.Random(seed)
    rows = master_rows()
    moment = local_reader(BERLIN)
    while at < len(data):
        at = min(at + random_.randrange(1, 4000), len(data))
        path.write_bytes(data[:at])
        ends = [
            moment(row[11])[0]
            for row in rows[: len(fields(data[: data.rfind(b"\n", 0, at) + 1].decode("utf-8", "replace")))]
        ]
        legs, batches = filled(path, cursor, max(ends, default=0) - 5_000_000)
        cursor = batches[-1].cursor if batches else cursor
        told |= {leg.leg_id: leg for leg in legs}
    told |= {leg.leg_id: leg for leg in filled(path, cursor)[0]}
    assert plain(list(told.values())) == plain([leg for those in calls.values() for leg in those])


def test_the_file_goes_on_after_its_rotation(tmp_path: Path, calls: dict[str, list[Leg]]) -> None:
    path, data = tmp_path / "Master.csv", MASTER.read_bytes()
    cut = data.find(b"\n", len(data) // 3) + 1
    path.write_bytes(data[:cut])
    legs, batches = filled(path)
    path.rename(tmp_path / "Master.csv.1")
    path.write_bytes(data[cut:])
    legs += filled(path, batches[-1].cursor)[0]
    assert {leg.line for leg in legs} == {leg.line for those in calls.values() for leg in those}


def test_bom_crlf_and_bytes_of_no_encoding_are_read(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    first = MASTER.read_bytes().split(b"\n")[0]
    path.write_bytes(b"\xef\xbb\xbf" + first.replace(b"Chiara Rossi", b"caf\xe9 \xff\xfe\x80") + b"\r\n")
    [leg] = filled(path)[0]
    assert (leg.agent, leg.to_raw, leg.talk_ms) == ("1003", "15551050001", 5000)


def test_broken_rows_are_named_with_their_line_and_cost_no_other(tmp_path: Path) -> None:
    path = tmp_path / "Master.csv"
    lines = MASTER.read_bytes().split(b"\n")
    skipped = lines[3].replace(b"2026-11-23", b"2026-03-29").replace(b" 18:", b" 02:")
    path.write_bytes(b"\n".join([lines[0], b"\x00\xff,1", skipped, lines[2], b""]))
    legs, batches = filled(path)
    assert [leg.agent for leg in legs] == ["1003", "1007"]
    assert [(record.row, record.reason) for batch in batches for record in batch.rejected] == [
        (2, "2 columns, expected 16 to 21"),
        (3, "2026-03-29 02:20 does not exist in Europe/Berlin: the clock was put forward"),
    ]


def test_a_file_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file; see cdr_file"):
        filled(tmp_path / "Master.csv")

"""What a gap is filled from: the CDR file, by whole records, from where reading stopped."""

import pytest

from integrations.provider import SourceError
from tests.peers.ami import DATA, AmiPeer
from tests.peers.floor import provider_of

MASTER = (DATA / "main.Master.csv").read_bytes()
CUSTOMER_FIRST = {"15551080029", "15553050030", "15552050031", "15551050032"}
"""Calls a dialler placed before it had a specialist: their records do not name the number."""


async def filled(provider, cursor=None):
    """All batches after `cursor`: their legs by id, and the last cursor."""
    legs = {}
    async for batch in provider.backfill(cursor):
        assert not batch.rejected, batch.rejected
        legs |= {leg.leg_id: leg for leg in batch.legs}
        cursor = batch.cursor
    return legs, cursor


def of(file, settle_seconds=0):
    return provider_of(AmiPeer(), cdr_file=str(file), settle_seconds=settle_seconds)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "Master.csv"


async def test_every_customer_that_was_dialled_is_found_approximately(file):
    file.write_bytes(MASTER)
    legs, _ = await filled(of(file))
    calls = [line.split("->") for line in (DATA / "main.calls.txt").read_text().splitlines()]
    numbers = {right.split()[0] for _, right in calls}
    assert numbers - {leg.to_raw for leg in legs.values()} <= CUSTOMER_FIRST
    assert all(leg.approximate and leg.line for leg in legs.values())


async def test_reading_goes_on_where_it_stopped_and_leaves_half_a_record(file):
    whole, _ = await filled_from(file, MASTER)
    cut = MASTER.index(b"1795454967.10") + 20
    file.write_bytes(MASTER[:cut])
    first, cursor = await filled(of(file))
    file.write_bytes(MASTER)
    second, end = await filled(of(file), cursor)
    assert first
    assert not first.keys() & second.keys()
    assert first | second == whole
    assert (await filled(of(file), end))[0] == {}


async def filled_from(file, data):
    file.write_bytes(data)
    return await filled(of(file))


async def test_records_that_have_not_settled_wait_for_the_next_reading(file):
    """The clock stands 2 s after the end of the first call: such a young record may have companions to come."""
    whole, _ = await filled_from(file, MASTER)
    first_end = min(leg.ended_us for leg in whole.values())
    provider = of(file, settle_seconds=5)
    provider._clock = lambda: first_end + 2_000_000
    none, cursor = await filled(provider)
    assert none == {}
    provider._clock = lambda: first_end + 6_000_000
    one, cursor = await filled(provider, cursor)
    assert [leg.ended_us for leg in one.values()] == [first_end]
    later, _ = await filled(of(file), cursor)
    assert one | later == whole


async def test_a_missing_file_names_its_key(file):
    with pytest.raises(SourceError, match="cdr_file"):
        await filled(of(file))


async def test_without_a_file_there_is_nothing_to_fill_from():
    assert await filled(provider_of(AmiPeer())) == ({}, None)

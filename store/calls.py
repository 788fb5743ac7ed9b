"""Legs, calls, revisions and tallies: one door to what store.ledger keeps, store.ingest writes and store.tally sums."""

from __future__ import annotations

from store.groups import Rule as Rule
from store.groups import Rules as Rules
from store.ingest import close_open as close_open
from store.ingest import ingest as ingest
from store.ledger import CallRow as CallRow
from store.ledger import CallValues as CallValues
from store.ledger import Counts as Counts
from store.ledger import LegRow as LegRow
from store.ledger import LegValues as LegValues
from store.ledger import Revision as Revision
from store.ledger import Tally as Tally
from store.tally import Differences as Differences
from store.tally import recount as recount

"""`python -m bench [PART ...]`: measure everything, or the parts named, and print one table."""

from __future__ import annotations

import importlib
import sys

from bench.measure import Figure, show

PARTS = (
    "start",
    "importing",
    "ledger",
    "reading",
    "followups",
    "orders",
    "onboarding",
    "discipline",
    "audit",
    "live",
    "drawing",
)


def main() -> int:
    """Run the parts and print the table; 1 when a goal is not met."""
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := set(wanted) - set(PARTS):
        print(f"unknown part {', '.join(sorted(unknown))}; parts: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    for part in wanted:
        print(f"measuring {part} ...", file=sys.stderr, flush=True)
        figures += importlib.import_module(f"bench.{part}").figures()
    show(figures)
    return int(any(figure.met == "NO" for figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())

"""THE table of keys holds together, and the configuration can remap it."""

from __future__ import annotations

import pytest
from textual.binding import Binding

from screens.keys import BY_ID, GROUPS, KEYS, LIVE, TOGETHER, bindings, keymap, on_cyrillic, shown
from screens.modes import MODES


def test_ids_are_unique_and_every_key_has_help_and_a_group() -> None:
    assert len(BY_ID) == len(KEYS)
    assert all(key.help and key.short and key.group in GROUPS for key in KEYS)


def test_no_key_that_a_terminal_or_tmux_eats() -> None:
    eaten = {"ctrl+j", "ctrl+m", "ctrl+i", "ctrl+h", "ctrl+enter", "ctrl+b", *(f"f{n}" for n in range(1, 13))}
    assert not eaten & {one for key in KEYS for one in key.key.split(",")}


@pytest.mark.parametrize("here", sorted(TOGETHER))
def test_no_two_keys_that_hold_together_clash(here: str) -> None:
    seen: dict[str, str] = {}
    for binding in (one for place in TOGETHER[here] for one in bindings(place)):
        assert isinstance(binding, Binding)
        for key in binding.key.split(","):
            assert seen.setdefault(key, binding.id or "") == binding.id, key


def test_every_key_holds_somewhere_and_every_mode_has_a_place() -> None:
    assert {key.place for key in KEYS} == {place for places in TOGETHER.values() for place in places}
    for mode in MODES:
        assert set(LIVE) < set(TOGETHER[mode.id])
        assert BY_ID[f"mode-{mode.id}"].key == mode.digit


def test_letters_also_work_on_a_cyrillic_layout() -> None:
    assert on_cyrillic("q") == "q,й" and on_cyrillic("J") == "J,О" and on_cyrillic("slash") == "slash"


def test_remapping_is_strict() -> None:
    assert keymap({"team": "T"}) == {"team": "T,Е"}
    assert shown(BY_ID["team"], {"team": "T"}) == "T" and shown(BY_ID["help"], {}) == "?"
    with pytest.raises(ValueError, match="no binding is called 'taem'"):
        keymap({"taem": "f"})
    with pytest.raises(ValueError, match="are both on 's'"):
        keymap({"team": "s"})
    for clash in ({"filter": "k"}, {"listen": "t"}, {"quit": "u"}, {"calls": "1"}, {"yes": "n"}):  # of other places
        with pytest.raises(ValueError, match="are both on"):
            keymap(clash)
    assert keymap({"choice-up": "k", "filter": "T"})  # a question and the floor do not hold together

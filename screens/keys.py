"""THE table of keys: every binding of the console, with its id, help text and group.

Bindings of screens and widgets, the footer, the help screen and docs/keys.md all come from here. `console.keys` of the
configuration remaps by id: an id that exists keeps its name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from textual.binding import Binding, BindingType

from screens.modes import MODES, Mode


class Key(NamedTuple):
    """One key: `id` is what the configuration remaps, `place` where it holds (see TOGETHER), `help` what it does,
    `short` its word in the footer; `group` orders the help screen."""

    id: str
    key: str
    action: str
    short: str
    help: str
    group: str
    place: str


def of_mode(mode: Mode) -> Key:
    """Return the key that opens a mode."""
    return Key(
        f"mode-{mode.id}", mode.digit, f"switch_mode('{mode.id}')", mode.word, f"go to the {mode.word}", "console",
        "console",
    )  # fmt: skip


KEYS: tuple[Key, ...] = (
    *map(of_mode, MODES),
    Key("quit", "q", "quit", "quit", "leave the console", "console", "console"),
    Key("help", "question_mark", "keys", "keys", "the keys of this place", "console", "screen"),
    Key("palette", "ctrl+p", "command_palette", "commands", "find any command by its name", "console", "console"),
    Key("back", "escape", "back", "back", "one step back, never out", "console", "screen"),
    Key("undo", "u", "undo", "undo", "undo your last act", "console", "screen"),
    Key("up", "up,k", "step(-1)", "up", "row up", "move", "board"),
    Key("down", "down,j", "step(1)", "down", "row down", "move", "board"),
    Key("page-up", "pageup", "page(-1)", "page up", "page up", "move", "board"),
    Key("page-down", "pagedown", "page(1)", "page down", "page down", "move", "board"),
    Key("page-on", "space", "page(1)", "page down", "page down", "move", "paging"),
    Key("first", "home,g", "end(-1)", "first", "first row", "move", "board"),
    Key("last", "end,G", "end(1)", "last", "last row", "move", "board"),
    Key("open", "enter", "choose", "detail", "open the row's detail", "move", "board"),
    Key("next", "J", "record(1)", "next", "next record, the detail stays open", "move", "screen"),
    Key("previous", "K", "record(-1)", "previous", "previous record, the detail stays open", "move", "screen"),
    Key("exception", "exclamation_mark", "exception", "exception", "next row that needs you", "move", "live"),
    Key("focus", "tab", "focus_next", "focus", "move between panels, or list and detail", "move", "live"),
    Key("filter", "slash", "filter", "filter", "keep the rows that have what you type", "list", "live"),
    Key("team", "t", "team", "team", "show one team", "list", "live"),
    Key("sort", "s", "sort", "sort", "sort by the next column", "list", "live"),
    Key("reverse", "S", "reverse", "reverse", "turn the order round", "list", "live"),
    Key("zoom", "z", "zoom", "zoom", "give the whole screen to what has the focus", "list", "live"),
    Key("copy", "y", "copy", "copy", "copy the number, or else the row", "list", "copy"),
    Key("export", "E", "export", "export", "write what is shown to a CSV file", "list", "live"),
    Key("calls", "c", "panel('calls')", "calls", "go to the calls", "move", "floor"),
    Key("listen", "l", "phone('listen')", "listen", "listen in, unheard", "phone", "floor"),
    Key("whisper", "w", "phone('whisper')", "whisper", "speak to the specialist alone", "phone", "floor"),
    Key("barge", "b", "phone('barge')", "barge", "join the call, heard by both", "phone", "floor"),
    Key("hang-up", "x", "phone('hang_up')", "hang up", "end the call (asks)", "phone", "floor"),
    Key("dial", "d", "phone('dial')", "dial", "have the specialist's phone dial a number", "phone", "floor"),
    Key("adopt", "a", "adopt", "adopt", "say whose phone an unknown identity is", "phone", "floor"),
    Key("panel-followups", "f", "panel('followups')", "follow-ups", "go to the follow-ups", "move", "floor"),
    Key("panel-onboarding", "o", "panel('onboarding')", "onboarding", "go to the onboarding", "move", "floor"),
    Key("panel-discipline", "r", "panel('discipline')", "flags", "go to the flags", "move", "floor"),
    Key("flag-web", "W", "by_hand('irrelevant_web_pages')", "web pages", "irrelevant web pages", "people", "people"),
    Key("flag-chat", "C", "by_hand('private_chat')", "private chat", "private chat", "people", "people"),
    Key("flag-noise", "N", "by_hand('noise')", "noise", "noise", "people", "people"),
    Key("flag-mobile", "M", "by_hand('mobile_phone')", "mobile phone", "mobile phone", "people", "people"),
    Key("flag-other", "O", "by_hand('other')", "other", "any other breach: say which", "people", "people"),
    Key("merit", "plus", "by_hand('merit')", "merit", "something done well: say what", "people", "people"),
    Key("window", "w", "picture", "window", "the window as a picture, instead of the list", "move", "followups"),
    Key("beyond", "b", "list('past')", "beyond", "past the window: take over, hand over, park", "move", "followups"),
    Key("inbox", "i", "list('inbox')", "inbox", "calls that wait: whose were they?", "move", "followups"),
    Key("doubles", "m", "list('doubles')", "doubles", "two customers that may be one", "move", "followups"),
    Key("find", "f", "find", "find", "find any customer by name or number", "move", "followups"),
    Key("contact", "c", "do('contact')", "contact", "log a contact: call, visit or reply", "customer", "followups"),
    Key("plan", "n", "do('plan')", "plan next", "plan the next contact: fri, +2d", "customer", "followups"),
    Key(
        "hand-over",
        "o",
        "do('hand-over')",
        "hand over",
        "choose who looks after it",
        "customer",
        "followups",
    ),
    Key(
        "take-over",
        "v",
        "do('take-over')",
        "take over",
        "look after it yourself",
        "customer",
        "followups",
    ),
    Key("park", "p", "do('park')", "park", "put a customer past the window aside", "customer", "followups"),
    Key("block", "x", "block", "do-not-call", "do-not-call (asks); nobody's; not doubles", "customer", "followups"),
    Key(
        "reopen",
        "e",
        "do('reopen')",
        "reopen",
        "open a parked or closed customer again",
        "customer",
        "followups",
    ),
    Key("accept", "a", "do('accept')", "accept", "let the marked log count, call or none", "customer", "followups"),
    Key(
        "dial-customer",
        "d",
        "do('dial-customer')",
        "dial",
        "have the owner's phone dial it",
        "phone",
        "followups",
    ),
    Key(
        "review",
        "r",
        "round",
        "review",
        "review one order after the other, from the first that needs it",
        "orders",
        "orders",
    ),
    Key("add-order", "a", "add", "add", "add an order", "orders", "orders"),
    Key("solutions", "l", "library", "solutions", "the library of written solutions", "orders", "orders"),
    Key("sheet", "w", "sheet", "sheet", "the specialist's sheet: why somebody sells little", "orders", "orders"),
    Key(
        "hear-contract", "c", "hear('contract')", "contract", "asked for the contract or the account", "facts", "review"
    ),
    Key("hear-payment-date", "p", "hear('payment_date')", "payment", "named a payment date", "facts", "review"),
    Key("hear-price", "r", "hear('price')", "price", "asked about price or discount", "facts", "review"),
    Key("hear-decision-maker", "m", "hear('decision_maker')", "maker", "the decision-maker spoke", "facts", "review"),
    Key("hear-appointment", "a", "hear('appointment')", "next date", "agreed the next appointment", "facts", "review"),
    Key("hear-material", "h", "hear('material')", "material", "supplied material", "facts", "review"),
    Key("feeling", "f", "ask('feeling')", "feeling", "record a feeling: kept, worth nothing", "facts", "review"),
    Key("nothing-heard", "b", "nothing", "nothing", "nothing was heard", "facts", "review"),
    Key("review-done", "space", "done", "done", "write the review and go to the next order", "review", "review"),
    Key("asked", "e", "ask('asked')", "asked", "note what you asked", "review", "review"),
    Key("next-step", "n", "ask('next_step')", "next step", "what the specialist does next", "review", "review"),
    Key(
        "guidance", "g", "ask('guidance')", "guidance", "praise (p), correction (c) or solution (s)", "review", "review"
    ),
    Key("attach", "s", "ask('attach')", "solution", "attach a written solution", "review", "review"),
    Key("recheck", "d", "ask('recheck')", "recheck", "the day to look again: fri, +2d", "review", "review"),
    Key("claim", "o", "ask('claim')", "signs by", "when the specialist says it is signed: fri 80%", "review", "review"),
    Key("stage", "t", "ask('stage')", "stage", "move the order to a stage", "review", "review"),
    Key("amount", "i,dollar_sign", "ask('amount')", "amount", "set the amount", "review", "review"),
    Key("sign", "w", "ask('sign')", "signed", "the order is signed (asks)", "review", "review"),
    Key("lose", "x", "ask('lose')", "lost", "the order is lost (asks why)", "review", "review"),
    Key("new-solution", "n", "new", "new", "write a solution", "library", "library"),
    Key("edit-solution", "e", "edit", "edit", "edit a solution in $VISUAL or $EDITOR", "library", "library"),
    Key("retire-solution", "x", "retire", "retire", "take a solution out of the library (asks)", "library", "library"),
    Key("talk-log", "l", "talks", "talks", "the log of talks, private to directors", "talks", "page"),
    Key("talk-new", "n", "new_talk", "new talk", "write a talk down", "talks", "page"),
    Key("attend-present", "p", "attend('present')", "present", "was there", "attendance", "attendance"),
    Key("attend-half", "h", "attend('half')", "half", "half a day", "attendance", "attendance"),
    Key("attend-leave", "l", "attend('leave')", "leave", "on leave", "attendance", "attendance"),
    Key("attend-sick", "i", "attend('sick')", "sick", "ill", "attendance", "attendance"),
    Key("attend-training", "r", "attend('training')", "training", "in training", "attendance", "attendance"),
    Key("attend-hours", "e", "hours", "hours", "late, early: 10:30-, 9-13, -16:00", "attendance", "attendance"),
    Key("attend-before", "left,comma", "day(-1)", "day before", "the day before", "attendance", "attendance"),
    Key("attend-after", "right,full_stop", "day(1)", "day after", "the day after", "attendance", "attendance"),
    Key("attend-day", "d", "which_day", "day", "any day: fri, -1d, 27.11", "attendance", "attendance"),
    Key("month-before", "left,comma", "month(-1)", "month before", "the month before", "money", "money"),
    Key("month-after", "right,full_stop", "month(1)", "month after", "the month after", "money", "money"),
    Key("fine-month", "f", "fine", "fine", "fine the marked shortfall (asks for the name)", "money", "money"),
    Key("reward", "r", "reward", "reward", "enter a reward that belongs to no flag", "money", "money"),
    Key("best-page", "b", "best", "the best", "the page of the best, as enter of the worst", "move", "morale"),
    Key("flag-lists", "o", "lists", "lists", "open flags, decided ones of 30 days, merits", "move", "discipline"),
    Key("flag-dismiss", "d", "decide('dismiss')", "dismiss", "dismiss it: say why", "flag", "discipline"),
    Key("flag-talked", "l", "decide('talked')", "talked", "talked about it: what, or enter", "flag", "discipline"),
    Key("flag-warned", "w", "decide('warned')", "warned", "warn: say why", "flag", "discipline"),
    Key("flag-fine", "f", "decide('fine')", "fine", "a fine: amount, why, their name typed", "flag", "discipline"),
    Key("flag-reward", "r", "decide('reward')", "reward", "a merit's reward: amount and why", "flag", "discipline"),
    Key("flag-reply", "e", "decide('reply')", "reply", "what the specialist says to it", "flag", "discipline"),
    Key("open-page", "p", "page", "page", "the specialist's page", "move", "discipline"),
    Key("open-attendance", "a", "go('attendance')", "attendance", "the attendance of the day", "move", "discipline"),
    Key("open-money", "m", "go('money')", "money", "fines and rewards", "move", "discipline"),
    Key("open-tryout", "v", "go('tryout')", "what if", "try other thresholds on last month", "move", "discipline"),
    Key("open-morale", "b", "go('morale')", "best, worst", "best and worst of each team", "move", "discipline"),
    Key("step-done", "v", "do('step-done')", "done", "done, or approved; an enquiry: answered", "step", "onboarding"),
    Key("send-back", "x", "do('send-back')", "send back", "send back to be done again: asks why", "step", "onboarding"),
    Key("prod", "p", "do('prod')", "prod", "remind who must act: a note, or enter", "step", "onboarding"),
    Key("reassign", "a", "do('reassign')", "reassign", "give the step to somebody else", "step", "onboarding"),
    Key("stop", "e", "do('stop')", "end", "end what will not go live (asks)", "step", "onboarding"),
    Key("group", "o", "group", "group", "group by assistant, waiting party, customer", "list", "onboarding"),
    Key("customers", "c", "list('customers')", "customers", "who is live when", "move", "onboarding"),
    Key("waiting", "w", "list('waiting')", "waiting", "who is waited for, and for how long", "move", "onboarding"),
    Key("enquiries", "i", "list('enquiries')", "enquiries", "who asked and waits", "move", "onboarding"),
    Key("payment", "m", "do('payment')", "payment", "record a payment: it starts the steps", "step", "onboarding"),
    Key("new-enquiry", "n", "do('new-enquiry')", "new", "write an enquiry down", "enquiry", "onboarding"),
    Key("hand-enquiry", "h", "do('hand-enquiry')", "hand over", "hand it to a specialist", "enquiry", "onboarding"),
    Key("audit-accept", "y", "accept", "accept", "accept it: explained, or say why", "discrepancy", "audit"),
    Key("audit-correct", "c", "correct", "correct", "correct it: the ways there are", "discrepancy", "audit"),
    Key("audit-flag", "f", "flag", "flag", "make it a flag of the specialist", "discrepancy", "audit"),
    Key("audit-explained", "A", "explained", "all explained", "accept all explained: asks", "discrepancy", "audit"),
    Key("audit-sign", "n", "sign", "sign", "sign the day: your name and a sentence", "audit", "audit"),
    Key("audit-day", "d", "which_day", "day", "any day: fri, -1d, 27.11", "audit", "audit"),
    Key("audit-before", "left,comma", "day(-1)", "day before", "the day before", "audit", "audit"),
    Key("audit-after", "right,full_stop", "day(1)", "day after", "the day after", "audit", "audit"),
    Key("audit-lists", "o", "lists", "lists", "specialists, calls, logs, seals, revisions", "move", "audit"),
    Key("audit-copy", "Y", "copy", "copy", "copy the number, or else the row", "list", "audit"),
    Key("replay-play", "space", "play", "play", "play a minute a second, or stop", "replay", "replay"),
    Key("replay-back", "left,comma", "go(-1)", "minute back", "a minute back", "replay", "replay"),
    Key("replay-on", "right,full_stop", "go(1)", "minute on", "a minute on", "replay", "replay"),
    Key("replay-back-ten", "shift+left,less_than_sign", "go(-10)", "ten back", "ten minutes back", "replay", "replay"),
    Key("replay-on-ten", "shift+right,greater_than_sign", "go(10)", "ten on", "ten minutes on", "replay", "replay"),
    Key("replay-flag", "n", "flag(1)", "next flag", "to the next flag of the day", "replay", "replay"),
    Key("replay-flag-before", "p", "flag(-1)", "flag before", "to the flag before", "replay", "replay"),
    Key("save", "ctrl+s", "save", "save", "take what is filled in", "dialog", "form"),
    Key("leave-form", "escape", "cancel", "leave", "leave a form without doing anything", "dialog", "form"),
    Key("choose", "enter", "choose", "choose", "take what is marked", "dialog", "dialog"),
    Key("cancel", "escape", "cancel", "back", "close without doing anything", "dialog", "dialog"),
    Key("choice-up", "up", "step(-1)", "up", "one up", "dialog", "dialog"),
    Key("yes", "enter,y", "yes", "yes", "do it", "dialog", "ask"),
    Key("no", "escape,n", "no", "no", "leave it", "dialog", "ask"),
    Key("close", "escape,question_mark,q,enter", "close", "close", "close the help", "dialog", "help"),
    Key("choice-down", "down", "step(1)", "down", "one down", "dialog", "dialog"),
)

BY_ID = {key.id: key for key in KEYS}

LIVE = ("console", "screen", "live", "board", "paging")
"""The places whose keys hold in every mode."""

LISTS = (*LIVE, "copy")
"""Those of a mode whose lists have no other use for the key that copies."""

TOGETHER: dict[str, tuple[str, ...]] = {
    "floor": (*LISTS, "floor", "people"),
    "followups": (*LISTS, "followups"),
    "orders": (*LISTS, "orders"),
    "review": ("console", "screen", "review"),
    "library": (*LISTS, "library"),
    "onboarding": (*LISTS, "onboarding"),
    "discipline": (*LISTS, "discipline", "people"),
    "sheet": ("console", "screen"),
    "page": (*LISTS, "page", "people"),
    "attendance": (*LISTS, "attendance"),
    "money": (*LISTS, "money"),
    "tryout": LISTS,
    "morale": (*LISTS, "morale"),
    "audit": (*LIVE, "audit"),
    "replay": ("console", "screen", "live", "board", "copy", "floor", "people", "replay"),
    "dialog": ("dialog",),
    "form": ("form",),
    "ask": ("ask",),
    "help": ("help",),
}
"""By what can be in front of a person: the places whose keys hold there together. `screen` are keys of every screen
that is no dialog, `live` those of a mode's lists, `copy` the one of them that mode 8 has another use for, `board`
those of the list that has the focus, `paging` the one of them that a replay has another use for."""

GROUPS = {
    "move": "Moving about",
    "list": "The list",
    "replay": "The replay",
    "customer": "The customer",
    "phone": "Phones",
    "people": "A flag or a merit by hand",
    "talks": "Talks",
    "attendance": "Attendance",
    "money": "Money",
    "orders": "Orders",
    "facts": "What was heard",
    "review": "The review",
    "library": "Solutions",
    "step": "The step",
    "enquiry": "Enquiries",
    "flag": "The flag",
    "discrepancy": "The discrepancy",
    "audit": "The day",
    "console": "The console",
    "dialog": "A question",
}
"""What the groups are called on the help screen and in docs/keys.md."""

_CYRILLIC = dict(zip("qwertyuiopasdfghjklzxcvbnm", "йцукенгшщзфывапролдячсмить", strict=True))


def on_cyrillic(key: str) -> str:
    """Return `key` and the letter that its cap gives on a Cyrillic layout, as Textual takes them ("q" -> "q,й")."""
    keys: list[str] = []
    for one in key.split(","):
        keys.append(one)
        if len(one) == 1 and (letter := _CYRILLIC.get(one.lower())):
            keys.append(letter if one.islower() else letter.upper())
    return ",".join(keys)


def bindings(place: str) -> list[BindingType]:
    """Return the bindings of a place for a widget's BINDINGS."""
    return [Binding(on_cyrillic(k.key), k.action, k.short, id=k.id, tooltip=k.help) for k in KEYS if k.place == place]


_NAMES = {
    "question_mark": "?", "exclamation_mark": "!", "slash": "/", "escape": "esc", "pageup": "pgup", "pagedown": "pgdn",
    "dollar_sign": "$", "plus": "+",
    "left": "←", "right": "→", "comma": ",", "full_stop": ".", "shift+left": "shift+←", "shift+right": "shift+→",
    "less_than_sign": "<", "greater_than_sign": ">",
}  # fmt: skip


def shown(key: Key, remapped: Mapping[str, str]) -> str:
    """Return the key as a person knows it, after the configuration's remapping: "/", "esc", "ctrl+p"."""
    first, *more = remapped.get(key.id, key.key).split(",")
    names = [_NAMES.get(one, one) for one in (first, *more)]
    return " ".join(names)


def keymap(remapped: Mapping[str, str]) -> dict[str, str]:
    """Return `console.keys` as Textual's keymap. ValueError names an unknown id, or two of one place on one key."""
    for name in remapped:
        if name not in BY_ID:
            raise ValueError(f"console.keys: no binding is called {name!r}; docs/keys.md lists them")
    for places in TOGETHER.values():
        _no_clash(places, remapped)
    return {name: on_cyrillic(key) for name, key in remapped.items()}


def _no_clash(places: Collection[str], remapped: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for key in held(places):
        for one in remapped.get(key.id, key.key).split(","):
            if one in taken:
                raise ValueError(f"console.keys: {key.id!r} and {taken[one]!r} are both on {one!r}")
            taken[one] = key.id


def held(places: Collection[str]) -> list[Key]:
    """Return the keys that hold in `places`, in the order of the table."""
    return [key for key in KEYS if key.place in places]

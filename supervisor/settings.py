"""Every key of the configuration file, with its default, its limits and its help text.

From here `supervisor init` writes the commented file and docs/configuration.md is generated. What one key's limits
cannot say (hours that overlap, a zone that does not exist) stands in `problems`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"
)
COUNTRIES = frozenset(_CODES.split())
"""ISO 3166-1, two letters."""

STANDARD = "standard"
"""The template that a package follows where `onboarding.packages` names none."""

LONGEST_NIGHT = 12 * 60
"""Minutes that a span through midnight may last; a longer one is taken for a span written the wrong way round."""


class Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    pass


_HOURS = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$"
_COUNTRY = "^[A-Z]{2}$"
_CURRENCY = "^[A-Z]{3}$"
_CODE = "^[a-z][a-z0-9_]*$"

PATTERNS = {
    _HOURS: "hours like '09:00-12:00'",
    _COUNTRY: "two capital letters, like 'DE'",
    _CURRENCY: "three capital letters, like 'EUR'",
    _CODE: "small letters, digits and _, like 'open_account'",
}
"""What a pattern means, for a person."""

Hours = Annotated[str, Meta(pattern=_HOURS)]
Weekday = Annotated[str, Meta(pattern=r"^(mon|tue|wed|thu|fri|sat|sun)$")]


class Floor(Table, frozen=True, kw_only=True):
    """The floor: who you are and when you work."""

    name: Annotated[str, Meta(description="Shown at the top of the console.")] = "Sales floor"
    time_zone: Annotated[str, Meta(description="IANA zone of days, shifts and 'today'.")] = "Europe/Berlin"
    country: Annotated[
        str,
        Meta(
            pattern=_COUNTRY,
            description="ISO 3166 code: how numbers without a country are read, and whose holidays hold.",
        ),
    ] = "DE"
    working_hours: Annotated[
        tuple[Hours, ...],
        Meta(min_length=1, description="Working time of a day; the time between two spans is a break."),
    ] = ("09:00-12:00", "13:00-18:00")
    working_days: Annotated[
        tuple[Weekday, ...], Meta(min_length=1, description="Days of the week that are worked.")
    ] = ("mon", "tue", "wed", "thu", "fri")
    days_off: Annotated[
        tuple[str, ...], Meta(description="Own days off, YYYY-MM-DD, besides the country's holidays.")
    ] = ()
    holidays: Annotated[bool, Meta(description="Whether the country's public holidays are days off.")] = True
    directors: Annotated[
        tuple[str, ...],
        Meta(description="Login names of the directors: they alone audit articles, and read the log of talks."),
    ] = ()


class Calls(Table, frozen=True, kw_only=True):
    """What counts as a call."""

    effective_seconds: Annotated[int, Meta(ge=1, description="Talk time from which an answered dial is effective.")] = (
        30
    )
    wrap_up_seconds: Annotated[
        int, Meta(ge=0, description="Idle for at most so long after a call is shown as wrap-up; 0: never.")
    ] = 30


class QuotaSettings(Table, frozen=True, kw_only=True):
    """What is expected of a specialist a day, until the store says otherwise (`supervisor quota`)."""

    dials: Annotated[int, Meta(ge=0, description="Outbound calls placed.")] = 80
    effective: Annotated[int, Meta(ge=0, description="Effective calls.")] = 15
    talk_minutes: Annotated[int, Meta(ge=0, description="Minutes of talk with customers.")] = 60
    half_day: Annotated[float, Meta(ge=0, le=1, description="Share of the quota on a half day.")] = 0.5
    act_below: Annotated[float, Meta(ge=0, description="Pace below which a specialist is shown as act (red).")] = 0.8
    watch_below: Annotated[
        float, Meta(ge=0, description="Pace below which a specialist is shown as watch (amber).")
    ] = 1.0
    forecast_from: Annotated[
        float, Meta(ge=0, le=1, description="Share of the shift from which a forecast is shown.")
    ] = 0.1


class Followups(Table, frozen=True, kw_only=True):
    """How contacts are counted, and when customers sign."""

    counts_per_day: Annotated[
        int, Meta(ge=1, description="Contacts of a customer that count on one local day, at most.")
    ] = 1
    window: Annotated[
        tuple[int, int],
        Meta(description="First and last contact number of the window in which most customers sign."),
    ] = (8, 11)
    pinned: Annotated[bool, Meta(description="Whether the window stays so, whatever the floor's own signings say.")] = (
        False
    )
    own_from_signings: Annotated[int, Meta(ge=1, description="Signings from which the window is the floor's own.")] = 50
    own_share: Annotated[
        float, Meta(gt=0, le=1, description="Share of the signings that the floor's own window holds.")
    ] = 0.6


class Orders(Table, frozen=True, kw_only=True):
    """Orders and their reviews."""

    currency: Annotated[str, Meta(pattern=_CURRENCY, description="ISO 4217 code of the floor's one currency.")] = "EUR"
    stages: Annotated[
        tuple[str, ...], Meta(description="Stages of an order in their order; others are kept and stand after these.")
    ] = ("interest", "offer", "negotiation", "contract")
    big_amount: Annotated[int, Meta(ge=0, description="Amount from which an order is shown as big.")] = 10_000
    stale_days: Annotated[
        int, Meta(ge=1, description="Days without contact, review or evidence after which an order is stale.")
    ] = 14
    probabilities: Annotated[
        tuple[float, float, float, float, float],
        Meta(description="Probability of signing by score: 0-19, 20-39, 40-59, 60-79, 80-100."),
    ] = (0.05, 0.15, 0.35, 0.6, 0.8)
    own_from_closed: Annotated[
        int, Meta(ge=1, description="Closed orders from which the probabilities are the floor's own.")
    ] = 50


class Step(Table, frozen=True, kw_only=True):
    """One step of a template: [[onboarding.templates.NAME]]."""

    code: Annotated[str, Meta(pattern=_CODE, description="What the step is called in outputs, once in a template.")]
    words: Annotated[str, Meta(description="What it is called on the screen; empty: its code.")] = ""
    holder: Annotated[
        str,
        Meta(
            pattern="^(specialist|assistant|customer|director)$",
            description="Who holds it: specialist, assistant, customer or director.",
        ),
    ]
    hours: Annotated[float, Meta(ge=0, le=1000, description="Hours of working time from when it can be done.")]
    after: Annotated[tuple[str, ...], Meta(description="Codes of the steps that must be done before.")] = ()
    approves: Annotated[
        str, Meta(description="The step whose work it approves, or sends back to be done again; empty: none.")
    ] = ""


class Onboarding(Table, frozen=True, kw_only=True):
    """What is owed to a customer after a payment."""

    assistants: Annotated[
        tuple[str, ...],
        Meta(description="Sales assistants: a new onboarding goes to the one who has the fewest open ones."),
    ] = ()
    packages: Annotated[
        dict[str, str], Meta(description='Which template a package follows, "PACKAGE" = "NAME"; others: standard.')
    ] = {}
    templates: Annotated[
        dict[str, tuple[Step, ...]],
        Meta(description="Templates of steps, [[onboarding.templates.NAME]]; one called standard replaces ours."),
    ] = {}
    history_days: Annotated[
        int, Meta(ge=0, description="A payment recorded so many days late or later starts nothing: it is history.")
    ] = 90
    own_from_live: Annotated[
        int, Meta(ge=1, description="Onboardings that went live from which estimates are the floor's own.")
    ] = 10
    answer_hours: Annotated[
        float, Meta(gt=0, description="Hours of working time within which an enquiry is answered: one day.")
    ] = 8


class Discipline(Table, frozen=True, kw_only=True):
    """From when something is a flag. Idling is judged by console.idle_act_minutes."""

    private_talk_minutes: Annotated[
        float, Meta(gt=0, description="Talk with a number that is no customer's, from which it is a private call.")
    ] = 10
    private_calls_a_day: Annotated[int, Meta(ge=1, description="Calls a day with such a number; likewise.")] = 3
    private_calls_a_week: Annotated[int, Meta(ge=1, description="Calls in seven days with such a number.")] = 5
    team_from: Annotated[
        int, Meta(ge=3, description="People of a team at work from which somebody is compared with it.")
    ] = 5
    z_score: Annotated[
        float, Meta(gt=0, description="Robust z-score against the team from which a measure is padding.")
    ] = 3.5
    dials_to_one_number: Annotated[
        int, Meta(ge=2, description="Dials a day to one number that are padding in a small team.")
    ] = 8
    short_seconds: Annotated[int, Meta(ge=1, description="An answered dial with less talk is a short one.")] = 15
    short_calls: Annotated[int, Meta(ge=2, description="Short dials a day that are padding in a small team.")] = 12
    burst_minutes: Annotated[int, Meta(ge=1, description="The end of the shift in which a burst is looked for.")] = 30
    burst_dials: Annotated[int, Meta(ge=2, description="Dials in it that are padding in a small team.")] = 25
    colleague_calls: Annotated[
        int, Meta(ge=2, description="Calls to colleagues a day that are padding in a small team.")
    ] = 12
    bunching_seconds: Annotated[
        int, Meta(ge=1, description="Talks so long above calls.effective_seconds are set against those so long below.")
    ] = 5
    bunching_probability: Annotated[
        float, Meta(gt=0, lt=1, description="Probability by chance under which bunching there is padding.")
    ] = 0.01
    silent_minutes: Annotated[
        int, Meta(ge=1, description="Minutes of a shift without an outbound call that are a flag.")
    ] = 60
    out_of_hours_minutes: Annotated[
        int, Meta(ge=0, description="How far a call may lie outside the working hours of the day.")
    ] = 15
    customer_hours: Annotated[Hours, Meta(description="When customers may be called, in their own zone.")] = (
        "08:00-20:00"
    )
    excused_pauses: Annotated[
        tuple[str, ...], Meta(description="Reasons of a pause, as the telephone system tells them, that excuse it.")
    ] = ("lunch", "training", "meeting", "break")
    points: Annotated[
        tuple[int, int, int], Meta(description="Points of a decided flag by severity: low, medium, high.")
    ] = (1, 2, 3)
    merit_points: Annotated[int, Meta(ge=0, description="Points that a merit takes away.")] = 2
    expires_days: Annotated[int, Meta(ge=1, description="Days after its decision in which a flag has points.")] = 90
    fine_per_missing: Annotated[
        int, Meta(ge=0, description="Fine proposed at the month's end for each missing effective call; 0: none.")
    ] = 0


class Console(Table, frozen=True, kw_only=True):
    """How the console behaves."""

    theme: Annotated[str, Meta(pattern="^(dark|light|colour-blind)$", description="dark, light or colour-blind.")] = (
        "dark"
    )
    stale_seconds: Annotated[
        int, Meta(ge=1, description="Age of a source's data from which a panel says so loudly.")
    ] = 60
    idle_watch_minutes: Annotated[
        int, Meta(ge=1, description="Minutes without a call from which idle is marked watch.")
    ] = 10
    idle_act_minutes: Annotated[
        int, Meta(ge=1, description="Minutes without a call from which idle is marked act.")
    ] = 20
    command_seconds: Annotated[
        int,
        Meta(ge=1, description="Seconds after which an unanswered listen, whisper, barge, hang-up or dial expires."),
    ] = 10
    my_phone: Annotated[
        str, Meta(description="Your own phone as the source names it: it rings when you listen in.")
    ] = ""
    who: Annotated[str, Meta(description="The name under which your acts are recorded; empty: the login name.")] = ""
    keys: Annotated[dict[str, str], Meta(description="Remapped keys: binding id = key, see docs/keys.md.")] = {}


class StoreSettings(Table, frozen=True, kw_only=True):
    """Where everything is kept."""

    url: Annotated[
        str, Meta(description="Path of the SQLite file, or postgresql://...; empty: the user's data folder.")
    ] = ""


class Log(Table, frozen=True, kw_only=True):
    """The collector's log."""

    file: Annotated[str, Meta(description="Log file; empty: in the user's state folder.")] = ""
    level: Annotated[
        str, Meta(pattern="^(debug|info|warning|error)$", description="debug, info, warning or error.")
    ] = "info"
    customer_data: Annotated[bool, Meta(description="Whether numbers and names of customers may be logged.")] = False


class File(Table, frozen=True, kw_only=True):
    """What the configuration file may say."""

    floor: Floor = Floor()
    store: StoreSettings = StoreSettings()
    calls: Calls = Calls()
    quota: QuotaSettings = QuotaSettings()
    followups: Followups = Followups()
    orders: Orders = Orders()
    onboarding: Onboarding = Onboarding()
    discipline: Discipline = Discipline()
    console: Console = Console()
    log: Log = Log()
    mappings: Annotated[
        dict[str, dict[str, str]],
        Meta(description='Column mappings of tables to import: [mappings.NAME] field = "column".'),
    ] = {}
    sources: Annotated[dict[str, dict[str, Any]], Meta(description="Telephony systems, one table each.")] = {}


def minutes(span: str) -> tuple[int, int]:
    """Return begin and end of "HH:MM-HH:MM" in minutes since midnight; an end not after its begin is tomorrow's."""
    begin, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in span.split("-"))
    return begin, end if end > begin else end + 24 * 60


def problems(file: File) -> Iterator[tuple[str, str]]:
    """Yield key and complaint of everything in `file` that no single key's limits can tell."""
    floor = file.floor
    if complaint := zone_problem(floor.time_zone):
        yield "floor.time_zone", complaint
    if floor.country not in COUNTRIES:
        hint = "; the United Kingdom is GB" if floor.country == "UK" else ""
        yield "floor.country", f"{floor.country!r} is not a country of ISO 3166{hint}"
    yield from _hours(floor.working_hours)
    for day in floor.days_off:
        if not _is_day(day):
            yield "floor.days_off", f"{day!r} is not a day; write it as YYYY-MM-DD"
    if file.quota.act_below > file.quota.watch_below:
        yield "quota.act_below", f"{file.quota.act_below} is above quota.watch_below, {file.quota.watch_below}"
    if file.console.idle_watch_minutes > file.console.idle_act_minutes:
        yield "console.idle_watch_minutes", f"is above console.idle_act_minutes, {file.console.idle_act_minutes}"
    first, last = file.followups.window
    if not 1 <= first <= last:
        yield "followups.window", f"[{first}, {last}] is no window: two contact numbers from 1, the smaller one first"
    if not all(0 <= share <= 1 for share in file.orders.probabilities):
        yield "orders.probabilities", "each is a number from 0 to 1"
    yield from _onboarding(file.onboarding)
    begin, end = file.discipline.customer_hours.split("-")
    if begin >= end:
        yield "discipline.customer_hours", f"'{begin}-{end}' ends before it begins; customers are called by day"
    for name in file.sources:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", name):
            yield f"sources.{name}", "a source's name has letters, digits, _ . and - only"


def _hours(spans: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Working hours stand in order, do not overlap, and only the last may run through midnight."""
    key = "floor.working_hours"
    until = -1
    for span in spans:
        begin, end = minutes(span)
        if span[6:] > "24:00":
            yield key, f"{span!r} ends after 24:00"
        elif span[:5] == span[6:] or (end > 24 * 60 and end - begin > LONGEST_NIGHT):
            yield key, f"{span!r} ends before it begins"
        elif begin < until:
            yield key, f"{span!r} begins before the span in front of it has ended"
        until = end
    if not spans or (until > 24 * 60 and until - 24 * 60 > minutes(spans[0])[0]):
        yield key, f"{spans[-1]!r} runs into the next day's first span"


def _onboarding(told: Onboarding) -> Iterator[tuple[str, str]]:
    """Packages follow templates that there are; each template's steps can be done one after the other."""
    known = {STANDARD, *told.templates}
    for package, name in told.packages.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.5) or sorted(known)
            yield f"onboarding.packages.{package}", f"there is no template {name!r}; did you mean {near[0]!r}?"
    for name, steps in told.templates.items():
        for place, complaint in _template(steps):
            yield f"onboarding.templates.{name}{place}", complaint


def _template(steps: tuple[Step, ...]) -> Iterator[tuple[str, str]]:
    """Yield where in a template, and what, is wrong; what follows from something wrong is not told."""
    if not steps:
        yield "", "a template needs a step"
    codes = [step.code for step in steps]
    broken = False
    for place, step in enumerate(steps):
        if step.code in codes[:place]:
            broken = True
            yield f"[{place}].code", f"{step.code!r} is there twice; a code is given once in a template"
        for key, named in (("after", step.after), ("approves", (step.approves,) if step.approves else ())):
            for code in named:
                if code not in codes:
                    broken = True
                    near = difflib.get_close_matches(code, codes, 1, 0.5)
                    hint = f"did you mean {near[0]!r}?" if near else f"its steps: {', '.join(codes)}"
                    yield f"[{place}].{key}", f"no step {code!r} in this template; {hint}"
    if broken:
        return
    before = steps_before({step.code: step.after for step in steps})
    for place, step in enumerate(steps):
        if step.code in before[step.code]:
            yield f"[{place}].after", f"{step.code!r} waits for itself, over {', '.join(step.after)}"
        elif step.approves and step.approves not in before[step.code]:
            yield f"[{place}].approves", f"{step.approves!r} is not among what is done before {step.code!r}"


def steps_before(after: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """Return of each step the steps that must be done before, directly or indirectly, nearest first. `after`: of each
    step those directly before; one that waits for itself is among its own."""
    found: dict[str, list[str]] = {}
    for code in after:
        near = list(dict.fromkeys(after[code]))
        for one in near:  # grows while it is gone through
            near += [other for other in dict.fromkeys(after[one]) if other not in near]
        found[code] = near
    return found


def zone_problem(name: str) -> str | None:
    """Return what is wrong with the name of a time zone, and which one may be meant; None: nothing is."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        from zoneinfo import available_timezones

        near = difflib.get_close_matches(name, available_timezones(), 1, 0.5)
        hint = f"; did you mean {near[0]!r}?" if near else ", write one like 'Europe/Berlin'"
        return f"{name!r} is not a time zone{hint}"
    return None


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False

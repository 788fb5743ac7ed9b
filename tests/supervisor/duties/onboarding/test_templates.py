"""Templates of the configuration: which one a package follows, and what is no template."""

from __future__ import annotations

import tomllib

import pytest

from supervisor import template
from supervisor.config import ConfigError, parse
from supervisor.duties.onboarding.templates import STEPS, template_of
from supervisor.settings import steps_before

TOLD = "[[onboarding.templates.standard]]\n"
STEP = "code = 'a'\nholder = 'assistant'\nhours = 1\n"


def step(code: str, more: str = "", name: str = "standard") -> str:
    return f"[[onboarding.templates.{name}]]\ncode = '{code}'\nholder = 'assistant'\nhours = 1\n{more}\n"


def test_without_a_word_it_is_the_standard_one() -> None:
    config = parse("", "f")
    assert template_of(config, "Gold") == template_of(config, "") == ("standard", STEPS)


def test_a_package_follows_a_template_whatever_its_case() -> None:
    config = parse("[onboarding.packages]\n'Gold  Plus' = 'short'\n" + step("a", name="short"), "f")
    assert template_of(config, " gold plus")[0] == "short"
    assert [one.code for one in template_of(config, "GOLD PLUS")[1]] == ["a"]
    assert template_of(config, "Gold") == ("standard", STEPS)


def test_a_template_called_standard_replaces_ours() -> None:
    assert [one.code for one in template_of(parse(step("a") + step("b", "after = ['a']"), "f"), "x")[1]] == ["a", "b"]


def test_the_standard_one_can_be_named() -> None:
    assert template_of(parse("[onboarding.packages]\nGold = 'standard'", "f"), "Gold") == ("standard", STEPS)


def test_the_standard_one_has_no_problems() -> None:
    written = "".join(
        f"{TOLD}code = '{one.code}'\nholder = '{one.holder}'\nhours = {one.hours}\nafter = {list(one.after)}\n"
        f"approves = '{one.approves}'\nwords = '{one.words}'\n"
        for one in STEPS
    )
    assert template_of(parse(written, "f"), "")[1] == STEPS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TOLD + STEP + "afer = []", "unknown key 'onboarding.templates.standard[0].afer'; did you mean 'after'?"),
        (TOLD + STEP + "zzz = 1", "known here: after, approves, code, holder, hours, words"),
        (TOLD + STEP.replace("1", "'1'"), "key 'onboarding.templates.standard[0].hours': expected a number, got text"),
        (TOLD + STEP.replace("1", "-1"), "key 'onboarding.templates.standard[0].hours': expected a number >= 0"),
        (TOLD + STEP.replace("1", "inf"), "key 'onboarding.templates.standard[0].hours': expected a number <= 1000"),
        (TOLD + STEP.replace("1", "nan"), "key 'onboarding.templates.standard[0].hours'"),
        (TOLD + STEP.replace("assistant", "boss"), "holder': expected one of specialist, assistant, customer, dir"),
        (TOLD + STEP.replace("'a'", "'A b'"), "code': expected small letters, digits and _, like 'open_account'"),
        (TOLD + "code = 'a'\nholder = 'director'", "standard[0]': object missing required field 'hours'"),
        (step("a", name="good") + step("a", "x = 1", name="bad"), "unknown key 'onboarding.templates.bad[0].x'"),
        (step("a") + step("b", "x = 1"), "unknown key 'onboarding.templates.standard[1].x'"),
        ("[onboarding]\ntemplates = {standard = []}", "key 'onboarding.templates.standard': a template needs a step"),
        ("[onboarding]\ntemplates = {standard = 1}", "key 'onboarding.templates.standard': expected a list"),
        (step("a") + step("a"), "key 'onboarding.templates.standard[1].code': 'a' is there twice"),
        (step("aa", "after = ['ab']"), "standard[0].after': no step 'ab' in this template; did you mean 'aa'?"),
        (step("a") + step("b", "approves = 'live'"), "standard[1].approves': no step 'live' in this template; its"),
        (step("a", "after = ['a']"), "standard[0].after': 'a' waits for itself, over a"),
        (step("a", "after = ['b']") + step("b", "after = ['a']"), "'a' waits for itself, over b"),
        (step("a") + step("b", "approves = 'a'"), "standard[1].approves': 'a' is not among what is done before 'b'"),
        (step("a", "approves = 'a'"), "standard[0].approves': 'a' is not among what is done before 'a'"),
        (
            "[onboarding.packages]\nGold = 'shrt'\n" + step("a", name="short"),
            "key 'onboarding.packages.Gold': there is no template 'shrt'; did you mean 'short'?",
        ),
        ("[onboarding.packages]\nGold = 1", "key 'onboarding.packages.Gold': expected text"),
        ("[discipline]\ncustomer_hours = '20:00-08:00'", "key 'discipline.customer_hours': '20:00-08:00' ends before"),
        ("[discipline]\ncustomer_hours = '08:00-08:00'", "key 'discipline.customer_hours'"),
    ],
)  # fmt: skip
def test_what_is_no_template(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text, "floor.toml")
    assert str(caught.value).startswith("floor.toml: ") and said in str(caught.value), caught.value


def test_what_is_approved_may_lie_further_before() -> None:
    parse(step("a") + step("b", "after = ['a']") + step("c", "after = ['b']\napproves = 'a'"), "f")


def test_steps_before_are_told_nearest_first() -> None:
    after = {"a": (), "b": ("a",), "c": ("a",), "d": ("c", "b"), "e": ("d", "a")}
    assert steps_before(after)["e"] == ["d", "a", "c", "b"]
    assert steps_before(after)["a"] == []


def test_the_example_in_the_written_file_is_a_template() -> None:
    lines = [line[2:] for line in template.TEMPLATE.splitlines()[1:]]
    assert tomllib.loads("\n".join(lines))["onboarding"]["packages"] == {"Silver": "short"}
    config = parse("\n".join(lines), "f")
    assert [one.code for one in template_of(config, "silver")[1]] == ["open_account", "live"]

"""Attacks on what decides calls: what a browser or a program may send of a secretary."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.panel import Browser, Office
from tests.unit.rule_editor import Editor

_MORNING = {"start": "09:00:00", "end": "12:00:00"}
_BIG = 2**70


def rule(
    when: Mapping[str, object] | None = None,
    then: Mapping[str, object] | None = None,
    **changed: object,
) -> dict[str, object]:
    """A rule as a draft holds it."""
    limits = {"statuses": ["break"], "situations": [], "callers": ["outside"], **(when or {})}
    document = {"version": 1, "when": limits, "then": then or {"to": "voicemail"}}
    written = {"id": -1, "name": "x", "is_on": True, "greeting": None}
    return {**written, "document": json.dumps(document), **changed}


def draft(*rules: object, **changed: object) -> str:
    """What travels with the editor's page."""
    return json.dumps({"base": 0, "rules": json.dumps(rules), **changed})


async def path_of_editor(browser: Browser, office: Office) -> str:
    """Where an administrator edits the rules of 103."""
    await office.give(105, "administrator")
    await browser.log_in(105)
    return (await Editor(browser, office, 103).open()).path


@pytest.mark.parametrize(
    "sent",
    [
        rule({"hours": [_MORNING, {"start": "13:00:00+03:00", "end": "18:00:00"}]}),
        rule({"hours": [_MORNING, {"start": "13:00:00+03:00"}]}, is_on=False),
        rule({"hours": [{"weekdays": [7]}]}),
        rule({"since": "2026-01-01T00:00:00"}),
        rule({"since": "0001-01-01T00:00:00Z"}),
        rule({"until": "9999-12-31T23:59:59Z"}),
        rule({"statuses": [_BIG]}),
        rule(then={"to": "colleague", "employee": _BIG}),
        rule(then={"to": "colleagues", "employees": [_BIG], "order": "at_once", "seconds": 9}),
        rule(id=_BIG),
    ],
)
@pytest.mark.parametrize("page", ["", "/what-if", "/what-if/week", "/what-if/replay"])
async def test_values_that_calls_cannot_be_decided_by_are_refused(
    browser: Browser, office: Office, sent: dict[str, object], page: str
) -> None:
    path = await path_of_editor(browser, office)
    desk = Editor(browser, office, 103)
    before = await desk.stored()
    answer = await browser.post(f"{path}{page}", draft=draft(sent), do="save")
    assert 400 == answer.status
    assert before == await desk.stored()


async def test_a_version_that_no_database_can_hold_is_refused(
    browser: Browser, office: Office
) -> None:
    path = await path_of_editor(browser, office)
    answer = await browser.post(path, draft=draft(rule(), base=_BIG), do="save")
    assert 400 == answer.status


@pytest.mark.parametrize(
    ("deed", "fields"),
    [
        (f"move:-1:{'9' * 5000}", {}),
        (f"hours-:{'9' * 5000}", {}),
        (f"then_people-:{'9' * 5000}", {}),
        ("hours-:0", {"hours_weekdays": f"{'9' * 5000}:1"}),
    ],
)
async def test_buttons_with_endless_numbers_change_nothing(
    browser: Browser, office: Office, deed: str, fields: dict[str, Any]
) -> None:
    path = await path_of_editor(browser, office)
    typed = {"editing": "-1", "name": "x", "callers": "outside", "then_to": "voicemail", **fields}
    answer = await browser.post(path, draft=draft(rule(), open=-1), do=deed, **typed)
    assert answer.status < 500

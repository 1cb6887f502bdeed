"""The history of rules in the panel, and forwarding at once."""

from dataclasses import replace

import pytest

from ari_app.domain.directory import Colleague, ForwardingRule, Voicemail, When
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.store import audit, forwards, people, rule_versions
from ari_app.store.rule_versions import Author, Version
from ari_app.store.rules import save_rules
from tests.unit.panel import Answer, Browser, Office

NEW = RuleId(0)


@pytest.fixture(autouse=True)
async def _emma_is_an_administrator(office: Office) -> None:
    await office.give(105, "administrator")


def take(name: str, rule: RuleId = NEW, *, is_on: bool = True) -> ForwardingRule:
    return ForwardingRule(rule, name, When(), Voicemail(), is_on=is_on)


async def saved(office: Office, extension: int, *rules: ForwardingRule) -> list[RuleId]:
    by = Author(office.who(101), "Анна")
    async with office.sessions.begin() as session:
        return await save_rules(
            session, office.who(extension), rules, office.now(), by=by, country="RU"
        )


async def versions(office: Office, extension: int) -> list[Version]:
    async with office.sessions() as session:
        return await rule_versions.versions(session, office.who(extension), 50)


async def actions(office: Office) -> list[str]:
    async with office.sessions() as session:
        return list(await audit.actions(session))


def told(answer: Answer) -> list[list[str]]:
    """The changes of each version: what was done, and to which rule."""
    return [
        [
            " ".join(part.get_text() for part in change.select(".badge, strong"))
            for change in card.select("li")
        ]
        for card in answer.html.select("section.card")
    ]


async def test_each_version_says_what_became_of_which_rule(
    office: Office, browser: Browser
) -> None:
    one, two = await saved(office, 106, take("One"), take("Two"))
    await saved(office, 106, take("Two", two), take("One", one))
    await saved(office, 106, take("Two", two, is_on=False))
    to_anna = ForwardingRule(two, "Pair", When(), Colleague(office.who(101)), is_on=False)
    await saved(office, 106, to_anna)
    await browser.log_in(105)

    answer = await browser.get(f"{base(office)}/history")

    assert told(answer)[:4] == [
        ["rule changed Two Pair"],
        ["rule switched off Two", "rule deleted One"],
        [told(answer)[2][0]],
        ["rule added One", "rule added Two", *told(answer)[3][2:]],
    ]
    assert told(answer)[2][0] in {"rule moved One", "rule moved Two"}
    first = answer.html.select_one("section.card")
    assert first is not None
    assert [gone.get_text() for gone in first.select("strong del")] == ["Two"]
    assert [new.get_text() for new in first.select("strong ins")] == ["Pair"]
    assert "Анна" in first.get_text()
    assert "holds now" in first.get_text()


def base(office: Office, extension: int = 106) -> str:
    return f"/employees/{office.who(extension)}/secretary"


async def test_a_version_becomes_the_rules_again_and_back(office: Office, browser: Browser) -> None:
    (one,) = await saved(office, 106, take("One"))
    await saved(office, 106, take("Other", one))
    newest, old, *_ = await versions(office, 106)
    await browser.log_in(105)

    answer = await browser.post(f"{base(office)}/history/{old.id}/restore", base=newest.id)

    assert (answer.status, answer.to) == (303, f"{base(office)}/history")
    held = (await versions(office, 106))[0]
    assert [(rule.id, rule.name) for rule in held.rules] == [(one, "One")]
    assert held.by.id == office.who(105)
    assert "rules.restored" in await actions(office)
    undo = (await browser.get(answer.to)).html.select_one(f'form[action*="/{newest.id}/restore?"]')
    assert undo is not None
    await browser.post(str(undo["action"]))
    assert [rule.name for rule in (await versions(office, 106))[0].rules] == ["Other"]


async def test_a_version_whose_greeting_was_deleted_is_not_restored(
    office: Office, browser: Browser
) -> None:
    await saved(office, 106, replace(take("One"), greeting="autosecretary-own/99"))
    await saved(office, 106, take("Two"))
    newest, old, *_ = await versions(office, 106)
    await browser.log_in(105)

    answer = await browser.post(f"{base(office)}/history/{old.id}/restore", base=newest.id)

    assert "A rule names a greeting that is not there" in (await browser.get(answer.to)).text
    assert (await versions(office, 106))[0].id == newest.id


async def test_nothing_is_restored_over_what_somebody_saved_meanwhile(
    office: Office, browser: Browser
) -> None:
    await saved(office, 106, take("One"))
    newest = (await versions(office, 106))[0]
    await saved(office, 106, take("Two"))
    await browser.log_in(105)
    answer = await browser.post(f"{base(office)}/history/{newest.id}/restore", base=newest.id)
    assert "meanwhile" in (await browser.get(answer.to)).text
    assert [rule.name for rule in (await versions(office, 106))[0].rules] == ["Two"]


async def test_rules_that_cannot_hold_any_more_are_not_restored_and_it_is_said_why(
    office: Office, browser: Browser
) -> None:
    gone = office.who(104)
    await saved(office, 106, ForwardingRule(NEW, "Pair", When(), Colleague(gone)))
    await saved(office, 106, take("One"))
    async with office.sessions.begin() as session:
        await people.leave(session, gone, office.now())
    _, old, *_ = await versions(office, 106)
    await office.reload()
    await browser.log_in(105)
    answer = await browser.post(f"{base(office)}/history/{old.id}/restore")
    assert "Pair" in (await browser.get(answer.to)).text
    assert [rule.name for rule in (await versions(office, 106))[0].rules] == ["One"]


async def test_the_history_goes_on_on_further_pages(office: Office, browser: Browser) -> None:
    for number in range(45):
        await saved(office, 106, take(f"Rule {number}"))
    await browser.log_in(105)
    seen: list[int] = []
    path = f"{base(office)}/history"
    while path:
        html = (await browser.get(path)).html
        seen = [
            *seen,
            *(int(str(card["id"]).split("-")[1]) for card in html.select("section.card[id]")),
        ]
        older = html.select_one('a[href*="before="]')
        path = str(older["href"]) if older else ""
    assert seen == [one.id for one in await versions_all(office)]


async def versions_all(office: Office) -> list[Version]:
    async with office.sessions() as session:
        return await rule_versions.versions(session, office.who(106), 500)


@pytest.mark.parametrize("path", ["history/1/restore", "forward", "forward/1/remove"])
async def test_who_may_not_change_the_rules_changes_nothing(
    office: Office, browser: Browser, path: str
) -> None:
    await browser.log_in(106)
    before = await versions(office, 103)
    answer = await browser.post(f"{base(office, 103)}/{path}", number="101", kind="all")
    assert answer.status in {403, 404}
    assert await versions(office, 103) == before


async def test_a_version_of_somebody_else_is_not_found(office: Office, browser: Browser) -> None:
    await saved(office, 103, take("One"))
    (other, *_) = await versions(office, 103)
    await browser.log_in(105)
    assert (await browser.post(f"{base(office)}/history/{other.id}/restore")).status == 404


async def test_calls_are_forwarded_at_once_and_not_any_more(
    office: Office, browser: Browser
) -> None:
    await browser.log_in(105)
    assert 'name="number"' in (await browser.get(base(office))).text

    answer = await browser.post(f"{base(office)}/forward", number="8 916 555-01-99", kind="busy")

    assert (answer.status, answer.to) == (303, base(office))
    (rule,) = await forwarded(office)
    assert rule.name == "*90"
    await office.reload()
    assert "+7 916 555-01-99" in (await browser.get(base(office))).text.replace("\u00a0", " ")
    answer = await browser.post(f"{base(office)}/forward/{rule.id}/remove")
    assert await forwarded(office) == []
    undo = (await browser.get(answer.to)).html.select_one(f'form[action$="/{rule.id}/restore"]')
    assert undo is not None
    await browser.post(str(undo["action"]))
    assert [again.then for again in await forwarded(office)] == [rule.then]
    assert {"forward.set", "forward.ended"} <= set(await actions(office))


async def forwarded(office: Office, employee: EmployeeId | None = None) -> list[ForwardingRule]:
    async with office.sessions() as session:
        return await forwards.forwards(session, employee or office.who(106))


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("555", "neither an extension"),
        ("106", "This cannot work"),
        ("", "Please fill this in"),
        ("1" * 50, "At most 40"),
    ],
)
async def test_a_number_that_cannot_be_is_told_beside_what_was_typed(
    office: Office, browser: Browser, number: str, why: str
) -> None:
    await browser.log_in(105)
    answer = await browser.post(f"{base(office)}/forward", number=number, kind="no_answer")
    assert answer.status == 422
    field = answer.html.select_one("#f-forward-number")
    assert field is not None
    assert field["value"] == number
    assert why in answer.text
    assert answer.html.select('option[value="no_answer"][selected]')
    assert await forwarded(office) == []


async def test_everything_is_in_russian(office: Office, browser: Browser) -> None:
    await saved(office, 106, take("One"))
    await browser.log_in(101)
    text = (await browser.get(f"{base(office)}/history")).text
    assert "История правил" in text
    assert "добавлено" in text
    assert "Переадресовать звонки сейчас" in (await browser.get(base(office))).text

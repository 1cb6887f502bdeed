"""Letters about rules that no longer work: once for each rule and problem."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from ari_app.broken import BrokenRules
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    ForwardingRule,
    OutsideNumbers,
    Situation,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import NumberClass, OutsideNumber, OwnStatusId, RuleId
from ari_app.letters.contents import content
from ari_app.store import outbox
from ari_app.store.changes import Changed, ChangeKind
from ari_app.store.office import retire_own_status
from ari_app.store.outbox import Outgoing
from ari_app.store.people import leave
from ari_app.store.rows import EmployeeRow
from ari_app.store.rules import save_rules
from tests.unit.panel import Browser, Office

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BUSY = When(frozenset(), frozenset({Situation.BUSY}), 0)
MOBILE = OutsideNumber("+79165550999", NumberClass.MOBILE)


async def begin(office: Office, then: Destination, when: When = BUSY) -> BrokenRules:
    """103 has an address, and one rule; the look at everybody that a start brings is over."""
    async with office.sessions.begin() as session:
        who = office.who(103)
        card = update(EmployeeRow).where(EmployeeRow.id == who)
        await session.execute(card.values(email="vera@example.com"))
        await save_rules(session, who, [ForwardingRule(RuleId(0), "Заместитель", when, then)], NOW)
    await office.reload()
    watch = watching(office)
    assert await watch.write() == 0
    return watch


def watching(office: Office, at: datetime = NOW) -> BrokenRules:
    return BrokenRules(office.sessions, lambda: office.directory, lambda: at, "https://pbx.example")


async def goes(office: Office, extension: int, watch: BrokenRules) -> None:
    who = office.who(extension)
    async with office.sessions.begin() as session:
        await leave(session, who, NOW)
    await office.reload()
    watch.note(Changed(frozenset({who}), everything=False, position=1))


async def card(office: Office, watch: BrokenRules, **values: object) -> None:
    who = office.who(103)
    async with office.sessions.begin() as session:
        await session.execute(update(EmployeeRow).where(EmployeeRow.id == who).values(**values))
    await office.reload()
    watch.note(Changed(frozenset({who}), False, 1, frozenset({ChangeKind.EMPLOYEE})))


async def letters(office: Office, extension: int) -> list[Outgoing]:
    async with office.sessions() as session:
        found = await outbox.outgoing(session, None)
    return [letter for letter in found if letter.employee == office.who(extension)]


async def test_the_owner_is_written_once_when_a_colleague_has_left(office: Office) -> None:
    watch = await begin(office, Colleagues((office.who(104), office.who(105))))
    await goes(office, 104, watch)
    assert [await watch.write() for _ in range(2)] == [1, 0]
    assert await watching(office).write() == 0
    (letter,) = await letters(office, 103)
    assert (letter.kind, letter.to_address) == ("rule_broken", "vera@example.com")
    assert letter.values["rule"] == "Заместитель"
    assert "сотрудник" in letter.values["why"] or "коллег" in letter.values["why"]
    assert letter.values["link"] == f"https://pbx.example/employees/{office.who(103)}/secretary"
    assert "Заместитель" in content(letter.kind, "ru", letter.values).subject
    assert "no longer works" in content(letter.kind, "en", letter.values).subject


async def test_another_problem_of_the_same_rule_is_written_about_too(office: Office) -> None:
    watch = await begin(office, Colleagues((office.who(104), office.who(105))))
    for extension, count in ((104, 1), (105, 2)):
        await goes(office, extension, watch)
        await watch.write()
        assert len(await letters(office, 103)) == count


async def test_a_number_that_may_not_be_dialled_any_more_breaks_a_rule(office: Office) -> None:
    watch = await begin(office, OutsideNumbers((MOBILE,)))
    await card(office, watch, may_dial=["local"])
    assert await watch.write() == 1


async def test_a_rule_that_works_again_may_break_again(office: Office) -> None:
    watch = await begin(office, OutsideNumbers((MOBILE,)))
    counts = []
    for may_dial in (["local"], ["local", "mobile"], ["local"]):
        await card(office, watch, may_dial=may_dial)
        counts.append(await watch.write())
    assert counts == [1, 0, 1]


async def test_a_retired_own_status_breaks_a_rule(office: Office) -> None:
    own = next(iter(office.directory.own_statuses))
    when = When(frozenset({OwnStatusId(own)}), frozenset(), 0)
    watch = await begin(office, Colleague(office.who(104)), when)
    async with office.sessions.begin() as session:
        await retire_own_status(session, own, NOW)
    await office.reload()
    watch.note(Changed(frozenset(), everything=True, position=1))
    await watch.write()
    assert len(await letters(office, 103)) == 1


async def test_a_period_that_is_over_is_nothing_to_write_about(office: Office) -> None:
    when = When(frozenset({Status.BREAK}), frozenset(), 0, until=NOW + timedelta(hours=1))
    await begin(office, Voicemail(), when)
    assert await watching(office, NOW + timedelta(hours=2)).write() == 0


async def test_a_status_is_no_reason_to_look(office: Office) -> None:
    watch = await begin(office, OutsideNumbers((MOBILE,)))
    async with office.sessions.begin() as session:
        who = office.who(103)
        barred = update(EmployeeRow).where(EmployeeRow.id == who).values(may_dial=[])
        await session.execute(barred)
    await office.reload()
    watch.note(Changed(frozenset({who}), False, 1, frozenset({ChangeKind.STATUS})))
    assert await watch.write() == 0


async def test_only_those_whom_a_change_concerns_are_looked_at(office: Office) -> None:
    watch = await begin(office, OutsideNumbers((MOBILE,)))
    async with office.sessions.begin() as session:
        await session.execute(update(EmployeeRow).values(may_dial=[]))
    await office.reload()
    watch.note(Changed(frozenset({office.who(102)}), everything=False, position=1))
    await watch.write()
    assert await letters(office, 103) == []
    await watching(office).write()
    assert len(await letters(office, 103)) == 1


async def test_who_has_no_address_is_written_as_soon_as_there_is_one(office: Office) -> None:
    watch = await begin(office, OutsideNumbers((MOBILE,)))
    await card(office, watch, may_dial=["local"], email=None)
    assert await watch.write() == 0
    await card(office, watch, email="vera@example.com")
    assert await watch.write() == 1


async def test_the_letter_can_be_looked_at_before(browser: Browser) -> None:
    await browser.log_in(101)
    assert "Правило больше не работает" in (await browser.get("/mail/letters")).text
    page = await browser.get("/mail/letters/rule_broken")
    assert page.status == 200
    assert "На больничном" in page.text

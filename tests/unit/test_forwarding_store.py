"""Forwardings as they are stored: one of each kind, checked like any rule, above the secretary."""

from datetime import datetime

import pytest

from agi_scripts.stored_forwards import StoredForwards
from ari_app.domain.checks import Problem
from ari_app.domain.directory import (
    Colleague,
    Destination,
    ForwardingRule,
    OutsideNumbers,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.forwards import ForwardKind
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.settings import Settings
from ari_app.store import audit, forwards, rule_versions
from ari_app.store.audit import Wanted
from ari_app.store.errors import NotThereError
from ari_app.store.rules import save_rules
from tests.unit.office import Sessions, loaded, seeded, who
from tests.unit.people import MONDAY_NOON

ALL = ForwardKind.ALL
SETTINGS = Settings(_env_file=None)


def now() -> datetime:
    return MONDAY_NOON


async def phone(sessions: Sessions) -> StoredForwards:
    directory = await loaded(sessions)
    return StoredForwards(sessions, lambda: directory, now, SETTINGS)


async def temporary(sessions: Sessions, employee: EmployeeId) -> list[tuple[str, Destination]]:
    rules = (await loaded(sessions)).employees[employee].rules
    return [(rule.name, rule.then) for rule in rules if rule.is_temporary]


async def test_a_forwarding_lies_on_top_under_its_code(sessions: Sessions) -> None:
    demo = await seeded(sessions)
    anna, boris = who(demo, 101), who(demo, 105)
    office = await phone(sessions)

    assert await office.forward(anna, ALL, Colleague(boris)) is None
    assert await office.is_on(anna, ALL)

    first = (await loaded(sessions)).employees[anna].rules[0]
    assert (first.name, first.then, first.is_temporary) == ("*72", Colleague(boris), True)
    assert first.when.statuses == frozenset(Status)


async def test_who_forwards_by_phone_is_in_the_audit_log(sessions: Sessions) -> None:
    demo = await seeded(sessions)
    anna, boris = who(demo, 101), who(demo, 105)
    office = await phone(sessions)
    await office.end(anna, ALL)
    await office.forward(anna, ALL, Colleague(boris))
    await office.forward(anna, ALL, Colleague(anna))
    await office.end(anna, ALL)
    async with sessions() as session:
        ended, begun = await audit.lines(session, Wanted(), 5)
    assert ("forward.set", {"forward": "*72 105"}) == (begun.action, begun.after)
    assert ("forward.ended", {"forward": "*72"}) == (ended.action, ended.before)
    assert {anna} == {begun.who.employee, ended.who.employee, begun.about.id, ended.about.id}


async def test_a_second_one_replaces_the_first_of_its_kind_only(sessions: Sessions) -> None:
    demo = await seeded(sessions)
    anna, boris, vera = who(demo, 101), who(demo, 105), who(demo, 106)
    office = await phone(sessions)
    await office.forward(anna, ForwardKind.BUSY, Colleague(boris))
    await office.forward(anna, ALL, Colleague(boris))
    await office.forward(anna, ALL, Colleague(vera))

    found = await temporary(sessions, anna)

    assert sorted(found, key=str) == sorted(
        [("*72", Colleague(vera)), ("*90", Colleague(boris))], key=str
    )


async def test_a_forwarding_ends_and_is_not_there_any_more(sessions: Sessions) -> None:
    demo = await seeded(sessions)
    anna, boris = who(demo, 101), who(demo, 105)
    office = await phone(sessions)
    await office.forward(anna, ALL, Colleague(boris))
    await office.end(anna, ALL)
    assert await temporary(sessions, anna) == []
    assert not await office.is_on(anna, ALL)


async def test_numbers_are_read_as_people_dial_them(sessions: Sessions) -> None:
    demo = await seeded(sessions)
    boris = who(demo, 105)
    office = await phone(sessions)
    found = {text: office.target(text) for text in ("105", "89165550199", "+79165550199")}
    assert found["105"] is not None
    assert (found["105"].to, found["105"].digits) == (Colleague(boris), "105")
    assert found["89165550199"] == found["+79165550199"]
    assert found["89165550199"] is not None
    assert found["89165550199"].digits == "79165550199"
    assert office.target("777") is None
    assert office.target("") is None


async def test_what_the_card_may_not_dial_is_refused(sessions: Sessions) -> None:
    demo = await seeded(sessions)
    anna = who(demo, 101)
    office = await phone(sessions)
    abroad = office.target("+4930123456")
    assert abroad is not None
    assert isinstance(abroad.to, OutsideNumbers)
    directory = await loaded(sessions)
    problem = await office.forward(anna, ALL, abroad.to)
    may = abroad.to.numbers[0].number_class in directory.employees[anna].may_dial
    assert problem == (None if may else Problem.MAY_NOT_DIAL)


async def test_a_forwarding_to_oneself_or_back_to_oneself_is_refused(sessions: Sessions) -> None:
    demo = await seeded(sessions)
    anna, boris = who(demo, 101), who(demo, 105)
    office = await phone(sessions)
    assert await office.forward(anna, ALL, Colleague(anna)) is Problem.MYSELF
    assert await office.forward(anna, ALL, Colleague(boris)) is None
    assert await office.forward(boris, ALL, Colleague(anna)) is Problem.CIRCLE
    assert await temporary(sessions, boris) == []


async def test_saving_the_secretary_leaves_forwardings_alone(sessions: Sessions) -> None:
    demo = await seeded(sessions)
    anna, boris = who(demo, 101), who(demo, 105)
    await (await phone(sessions)).forward(anna, ALL, Colleague(boris))
    async with sessions.begin() as session:
        own = ForwardingRule(RuleId(0), "Messages", When(), Voicemail())
        await save_rules(session, anna, [own], MONDAY_NOON)
    assert await temporary(sessions, anna) == [("*72", Colleague(boris))]
    async with sessions() as session:
        newest = (await rule_versions.versions(session, anna, 1))[0]
    assert [rule.name for rule in newest.rules] == ["Messages"]


async def test_one_that_was_removed_can_be_set_again(sessions: Sessions) -> None:
    demo = await seeded(sessions)
    anna, boris = who(demo, 101), who(demo, 105)
    await (await phone(sessions)).forward(anna, ALL, Colleague(boris))
    async with sessions.begin() as session:
        (rule,) = await forwards.forwards(session, anna)
        assert await forwards.remove(session, anna, rule.id, MONDAY_NOON) == rule
        assert await forwards.remove(session, anna, rule.id, MONDAY_NOON) is None
        again = await forwards.ended(session, anna, rule.id)
        await forwards.forward(session, anna, again, MONDAY_NOON)
    assert await temporary(sessions, anna) == [("*72", Colleague(boris))]


async def test_nothing_is_removed_or_set_again_for_somebody_else(sessions: Sessions) -> None:
    demo = await seeded(sessions)
    anna, boris, vera = who(demo, 101), who(demo, 105), who(demo, 106)
    await (await phone(sessions)).forward(anna, ALL, Colleague(boris))
    async with sessions.begin() as session:
        (rule,) = await forwards.forwards(session, anna)
        assert await forwards.remove(session, vera, rule.id, MONDAY_NOON) is None
        await forwards.remove(session, anna, rule.id, MONDAY_NOON)
        with pytest.raises(NotThereError):
            await forwards.ended(session, vera, rule.id)


async def test_nobody_is_forwarded_who_is_not_there(sessions: Sessions) -> None:
    await seeded(sessions)
    with pytest.raises(NotThereError):
        await (await phone(sessions)).end(EmployeeId(999), ALL)

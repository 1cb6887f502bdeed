"""Secretaries: stored as a whole, refused as a whole."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.checks import Problem, rules_gone_wrong
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    Destination,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    OwnPhones,
    SayGoodbye,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, NumberClass, OutsideNumber, OwnStatusId, RuleId
from ari_app.store import documents
from ari_app.store.errors import NotThereError, RulesRefusedError
from ari_app.store.history import names
from ari_app.store.people import leave
from ari_app.store.rules import save_rules
from tests.unit.office import Sessions, loaded, person, seeded, who
from tests.unit.people import MONDAY_NOON, rule

NEW = RuleId(0)


def to(colleague: EmployeeId, name: str = "Deputy") -> ForwardingRule:
    return ForwardingRule(NEW, name, When(), Colleague(colleague))


async def _refused(
    session: AsyncSession, whose: EmployeeId, *rules: ForwardingRule
) -> list[tuple[Problem, tuple[EmployeeId, ...]]]:
    with pytest.raises(RulesRefusedError) as refused:
        await save_rules(session, whose, rules, MONDAY_NOON, "RU")
    return [(refusal.problem, refusal.people) for refusal in refused.value.refusals]


async def test_rules_are_loaded_as_they_were_saved(sessions: Sessions) -> None:
    office = await seeded(sessions)
    saved = [
        rule(0, Voicemail(), greeting="autosecretary/away", name="Автоответчик"),
        rule(0, SayGoodbye(), is_on=False, otherwise=Voicemail()),
    ]
    async with sessions.begin() as session:
        ids = await save_rules(session, who(office, 101), saved, MONDAY_NOON)
    rules = person(await loaded(sessions), 101).rules
    wanted = [replace(each, id=new) for each, new in zip(saved, ids, strict=True)]
    assert wanted == list(rules)


async def test_a_rule_keeps_its_id_when_the_order_changes(sessions: Sessions) -> None:
    grigory = person(await seeded(sessions), 104)
    turned = tuple(reversed(grigory.rules))
    async with sessions.begin() as session:
        ids = await save_rules(session, grigory.id, turned, MONDAY_NOON)
    assert [each.id for each in turned] == ids
    assert turned == person(await loaded(sessions), 104).rules


async def test_a_removed_rule_keeps_its_name_for_the_history(sessions: Sessions) -> None:
    boris = person(await seeded(sessions), 102)
    async with sessions.begin() as session:
        assert await save_rules(session, boris.id, (), MONDAY_NOON) == []
        _, rules = await names(session)
    assert rules[boris.rules[0].id] == "Заместитель"
    assert person(await loaded(sessions), 102).rules == ()


async def test_the_id_of_somebody_elses_rule_is_not_taken_over(sessions: Sessions) -> None:
    office = await seeded(sessions)
    foreign = person(office, 106).rules[0]
    async with sessions.begin() as session:
        (new,) = await save_rules(session, who(office, 101), [foreign], MONDAY_NOON, "RU")
    after = await loaded(sessions)
    assert new != foreign.id
    assert person(after, 106).rules == person(office, 106).rules


async def test_a_circle_is_refused_with_the_people_in_it(sessions: Sessions) -> None:
    office = await seeded(sessions)
    anna, boris = who(office, 101), who(office, 102)
    async with sessions.begin() as session:
        assert await _refused(session, anna, to(boris)) == [(Problem.CIRCLE, (anna, boris, anna))]
    assert person(await loaded(sessions), 101).rules == ()


async def test_a_circle_over_an_own_outside_number_is_refused(sessions: Sessions) -> None:
    office = await seeded(sessions)
    anna, boris = who(office, 101), who(office, 102)
    number = OutsideNumber(person(office, 102).number or "", NumberClass.LOCAL)
    outside = ForwardingRule(NEW, "DID", When(), OutsideNumbers((number,)))
    async with sessions.begin() as session:
        assert await _refused(session, anna, outside) == [(Problem.CIRCLE, (anna, boris, anna))]


async def test_a_circle_that_another_process_prepared_is_found(sessions: Sessions) -> None:
    office = await seeded(sessions)
    anna, oliver = who(office, 101), who(office, 108)
    async with sessions.begin() as session:
        await save_rules(session, oliver, [to(anna)], MONDAY_NOON)
    async with sessions.begin() as session:
        found = await _refused(session, anna, to(oliver))
    assert found == [(Problem.CIRCLE, (anna, oliver, anna))]


async def test_one_bad_rule_keeps_all_of_them_from_being_saved(sessions: Sessions) -> None:
    office = await seeded(sessions)
    boris = person(office, 102)
    async with sessions.begin() as session:
        gone = to(EmployeeId(999), "Gone")
        assert [
            problem for problem, _ in await _refused(session, boris.id, gone, to(boris.id))
        ] == [
            Problem.COLLEAGUE_GONE,
            Problem.MYSELF,
        ]
    assert person(await loaded(sessions), 102).rules == boris.rules


async def test_a_colleague_who_leaves_is_found_by_the_checks(sessions: Sessions) -> None:
    office = await seeded(sessions)
    async with sessions.begin() as session:
        await leave(session, who(office, 101), MONDAY_NOON)
    wrong = rules_gone_wrong(await loaded(sessions), MONDAY_NOON)
    assert {whose for whose, _ in wrong} == {who(office, n) for n in (102, 103, 104, 106, 107)}
    assert {refusal.problem for _, refusal in wrong} == {Problem.COLLEAGUE_GONE}


async def test_nobody_has_no_secretary(sessions: Sessions) -> None:
    await seeded(sessions)
    async with sessions.begin() as session:
        with pytest.raises(NotThereError):
            await save_rules(session, EmployeeId(999), (), MONDAY_NOON)


def _numbers() -> SearchStrategy[OutsideNumber]:
    return st.builds(
        OutsideNumber,
        st.from_regex(r"\+[1-9][0-9]{5,14}", fullmatch=True),
        st.sampled_from(NumberClass),
    )


_PEOPLE = st.lists(st.integers(1, 10**6).map(EmployeeId), max_size=3).map(tuple)
_DESTINATIONS: SearchStrategy[Destination] = st.one_of(
    st.builds(OwnPhones, seconds=st.integers(0, 120)),
    st.builds(Colleague, st.integers(1, 10**6).map(EmployeeId)),
    st.builds(Colleagues, _PEOPLE, seconds=st.integers(0, 120)),
    st.builds(
        OutsideNumbers, st.lists(_numbers(), max_size=3).map(tuple), seconds=st.integers(0, 120)
    ),
    st.builds(Voicemail),
    st.builds(SayGoodbye),
)
_HOURS = st.builds(Hours, weekdays=st.frozensets(st.integers(0, 6)))
# In UTC, as everywhere inside: a time that clocks leave out equals no time of another zone.
_MOMENTS = st.none() | st.datetimes(
    datetime(1980, 1, 1),  # noqa: DTZ001  Hypothesis adds the zone
    datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
).map(lambda moment: moment.astimezone(UTC))
_WHEN = st.builds(
    When,
    statuses=st.frozensets(
        st.sampled_from(Status) | st.integers(1, 999).map(OwnStatusId), max_size=3
    ),
    numbers=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    since=_MOMENTS,
    until=_MOMENTS,
    hours=st.lists(_HOURS, max_size=2).map(tuple),
)


@given(_WHEN, _DESTINATIONS, st.none() | _DESTINATIONS)
def test_a_document_says_what_was_written(
    when: When, then: Destination, otherwise: Destination | None
) -> None:
    assert documents.decode(documents.encode(when, then, otherwise)) == (when, then, otherwise)


def test_equal_documents_share_their_values() -> None:
    text = documents.encode(When(), Voicemail(), None)
    assert documents.decode(text)[0] is documents.decode(str(bytes(text, "utf8"), "utf8"))[0]

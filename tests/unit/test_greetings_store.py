"""Greetings in the database: stored, found, used, removed and brought back."""

import pytest

from ari_app.domain.checks import Problem
from ari_app.domain.directory import Colleague, ForwardingRule, When
from ari_app.domain.greetings import BUILT_IN, Origin, Sound, sound_of
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.store import greetings
from ari_app.store.errors import InvalidError, NotThereError
from ari_app.store.greetings import NewGreeting, Use
from ari_app.store.rules import refused_rules, save_rules
from tests.unit.office import Sessions, seeded, who
from tests.unit.people import MONDAY_NOON

HELLO = Sound(b"RIFF hello", 1200, "a" * 64)
BYE = Sound(b"RIFF bye", 800, "b" * 64)


def _new(name: str, sound: Sound = HELLO) -> NewGreeting:
    return NewGreeting(name, Origin.UPLOADED, sound)


def _rule(sound: str, to: EmployeeId) -> ForwardingRule:
    return ForwardingRule(RuleId(0), "Deputy", When(), Colleague(to), greeting=sound)


async def _add(sessions: Sessions, whose: EmployeeId | None, name: str) -> int:
    async with sessions.begin() as session:
        return await greetings.add(session, whose, _new(name), MONDAY_NOON)


async def test_the_choices_are_built_in_ones_the_offices_and_ones_own(sessions: Sessions) -> None:
    directory = await seeded(sessions)
    anna, boris = who(directory, 101), who(directory, 102)
    await _add(sessions, boris, "of Boris")
    own = await _add(sessions, anna, "ёлка")
    office = await _add(sessions, None, "Office")
    async with sessions() as session:
        found = await greetings.choices(session, anna)
    assert list(BUILT_IN) == list(found[: len(BUILT_IN)])
    assert [office, own] == [choice.id for choice in found[len(BUILT_IN) :]]
    assert f"autosecretary-own/{own}" == found[-1].sound


async def test_a_rule_may_name_an_own_greeting_and_keeps_it_from_removal(
    sessions: Sessions,
) -> None:
    directory = await seeded(sessions)
    anna, emma = who(directory, 101), who(directory, 105)
    which = await _add(sessions, anna, "Away")
    async with sessions.begin() as session:
        rules = (_rule(sound_of(which), emma),)
        refused = await refused_rules(session, anna, rules, MONDAY_NOON)
        assert Problem.BAD_GREETING not in {one.problem for one in refused}
        await save_rules(session, anna, rules, MONDAY_NOON)
    async with sessions() as session:
        used = (await greetings.uses(session, [which]))[which]
        assert [Use(anna, directory.employees[anna].name, "Deputy")] == used
        with pytest.raises(InvalidError, match="used"):
            await greetings.remove(session, which, MONDAY_NOON)
    async with sessions.begin() as session:
        await save_rules(session, anna, (), MONDAY_NOON)
        await greetings.remove(session, which, MONDAY_NOON)


async def test_a_removed_greeting_is_no_choice_and_comes_back_with_its_sound(
    sessions: Sessions,
) -> None:
    anna = who(await seeded(sessions), 101)
    which = await _add(sessions, anna, "Away")
    async with sessions.begin() as session:
        await greetings.remove(session, which, MONDAY_NOON)
        assert {} == await greetings.fingerprints(session)
        assert len(BUILT_IN) == len(await greetings.choices(session, anna))
        with pytest.raises(NotThereError):
            await greetings.greeting(session, which)
    async with sessions.begin() as session:
        await greetings.bring_back(session, which)
        assert {which: HELLO.fingerprint} == await greetings.fingerprints(session)
        assert await greetings.audio(session, which) == HELLO.wav


async def test_another_sound_keeps_the_name_and_changes_the_fingerprint(
    sessions: Sessions,
) -> None:
    which = await _add(sessions, None, "Office")
    async with sessions.begin() as session:
        await greetings.replace_sound(session, which, _new("ignored", BYE), MONDAY_NOON)
    async with sessions() as session:
        found = await greetings.greeting(session, which)
        assert (found.name, found.milliseconds) == ("Office", BYE.milliseconds)
        assert {which: BYE.fingerprint} == await greetings.fingerprints(session)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines", "\0"])
async def test_a_name_that_cannot_be_shown_is_refused(sessions: Sessions, name: str) -> None:
    which = await _add(sessions, None, "Office")
    async with sessions() as session:
        with pytest.raises(InvalidError, match="name"):
            await greetings.rename(session, which, name)


async def test_nobody_has_more_than_fifty(sessions: Sessions) -> None:
    anna = who(await seeded(sessions), 101)
    async with sessions.begin() as session:
        for number in range(greetings.MOST):
            await greetings.add(session, anna, _new(str(number)), MONDAY_NOON)
        with pytest.raises(InvalidError, match="greetings"):
            await greetings.add(session, anna, _new("one more"), MONDAY_NOON)
        await greetings.add(session, None, _new("of the office"), MONDAY_NOON)


async def test_the_greeting_before_messages_is_one_of_the_choices(sessions: Sessions) -> None:
    directory = await seeded(sessions)
    anna, boris = who(directory, 101), who(directory, 102)
    own = sound_of(await _add(sessions, anna, "Leave a message"))
    others = sound_of(await _add(sessions, boris, "of Boris"))
    async with sessions.begin() as session:
        assert await greetings.set_voicemail_greeting(session, anna, own) is None
        with pytest.raises(InvalidError):
            await greetings.set_voicemail_greeting(session, anna, others)
        assert own == await greetings.set_voicemail_greeting(session, anna, None)

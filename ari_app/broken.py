"""Writes to employees about rules of theirs that no longer work: once for each rule and problem."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.domain.checks import Problem, Refusal, refusals
from ari_app.domain.directory import Colleague, Colleagues, Directory, Employee, OutsideNumbers
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.explain import Storyteller, names_in
from ari_app.store.broken_rules import Watched, know, watched
from ari_app.store.changes import Changed, ChangeKind, take_turn
from ari_app.store.letters import Letter, LetterKind, queue

log = structlog.get_logger()

_DAY = 24 * 3600.0
_SETTLES = 5.0
"""Seconds after a change, so that what is stored in several steps is looked at once."""
_AGAIN = 30.0
_AT_ONCE = 100
_PASSES = frozenset({Problem.PERIOD_PAST, Problem.HOURS_NEVER_HOLD})
"""A rule whose time is over has done what it was made for."""
_HARMLESS = frozenset({ChangeKind.STATUS, ChangeKind.GREETINGS, ChangeKind.MESSAGES})
_Wrong = Mapping[RuleId, Sequence[Refusal]]


class BrokenRules:
    """Looks at the rules of those whom a change concerns, and at everybody's once a day."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        directory: Callable[[], Directory],
        now: Callable[[], datetime],
        address: str,
    ) -> None:
        """`address` is the panel's, without a path ("": letters have no link)."""
        self._sessions = sessions
        self._directory = directory
        self._now = now
        self._address = address
        self._changed: set[EmployeeId] = set()
        self._all_is_due = True
        self._wake = asyncio.Event()

    def note(self, changed: Changed) -> None:
        """Something was stored: look at the rules that it may concern."""
        if changed.kinds and changed.kinds <= _HARMLESS:
            return
        self._all_is_due |= changed.everything
        self._changed |= changed.employee_ids
        self._wake.set()

    async def run(self) -> None:
        """For ever; a database that does not answer is waited for."""
        while True:
            try:
                await self.write()
            except (DBAPIError, OSError) as error:
                log.warning("broken_rules.waits", reason=type(error).__name__)
                self._all_is_due = True
                await asyncio.sleep(_AGAIN)
                continue
            await self._wait()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(_DAY):
                await self._wake.wait()
        except TimeoutError:
            self._all_is_due = True
        await asyncio.sleep(_SETTLES)
        self._wake.clear()

    async def write(self) -> int:
        """Queue the letters that are due, and return how many."""
        directory, changed = self._directory(), frozenset(self._changed)
        everybody, self._all_is_due = self._all_is_due, False
        self._changed.clear()
        whose = await asyncio.to_thread(_concerned, directory, None if everybody else changed)
        names, count = names_in(directory), 0
        for first in range(0, len(whose), _AT_ONCE):
            some = whose[first : first + _AT_ONCE]
            # Circles take their time, and calls are decided in this loop.
            wrong = await asyncio.to_thread(_wrong, directory, some, self._now())
            if await self._is_news(some, wrong):
                tellers = {language: Storyteller(language, names) for language in ("en", "ru")}
                count += await self._tell(some, wrong, tellers)
        return count

    async def _is_news(self, whose: Sequence[EmployeeId], wrong: _Wrong) -> bool:
        async with self._sessions() as session:
            found = await watched(session, whose, wrong)
        return any(one.known != _keys(wrong, one.rule) for one in found)

    async def _tell(
        self, whose: Sequence[EmployeeId], wrong: _Wrong, tellers: Mapping[str, Storyteller]
    ) -> int:
        """Look again under the lock of writers: another service may have written them."""
        count, known = 0, {}
        async with self._sessions.begin() as session:
            await take_turn(session)
            for one in await watched(session, whose, wrong):
                keys = _keys(wrong, one.rule)
                if keys - one.known and not one.email:
                    continue
                if keys - one.known:
                    letter = self._letter(one, wrong[one.rule], tellers[one.language])
                    await queue(session, letter, self._now())
                    count += 1
                known[one.rule] = keys
            await know(session, known)
        return count

    def _letter(self, one: Watched, why: Sequence[Refusal], teller: Storyteller) -> Letter:
        link = f"{self._address}/employees/{one.owner}/secretary" if self._address else ""
        values = {
            "name": one.name,
            "rule": one.title,
            "why": "\n".join(dict.fromkeys(map(teller.why_refused, why))),
            "link": link,
        }
        return Letter(LetterKind.RULE_BROKEN, one.owner, one.email or "", one.language, values)


def _concerned(directory: Directory, changed: frozenset[EmployeeId] | None) -> Sequence[EmployeeId]:
    """Of those who have rules: the changed, and whose rules name them; None: all of them."""
    return [
        person.id
        for person in directory.employees.values()
        if person.rules
        and (
            changed is None
            or person.id in changed
            or not changed.isdisjoint(_named(person, directory))
        )
    ]


def _named(person: Employee, directory: Directory) -> Iterator[EmployeeId]:
    """The colleagues whom somebody's rules name, also by their own numbers."""
    for rule in person.rules:
        for destination in (rule.then, rule.otherwise):
            match destination:
                case Colleague(employee_id):
                    yield employee_id
                case Colleagues(employees):
                    yield from employees
                case OutsideNumbers(numbers):
                    found = (directory.numbers.get(number.e164) for number in numbers)
                    yield from (each for each in found if each is not None)
                case _:
                    continue


def _wrong(directory: Directory, whose: Sequence[EmployeeId], now: datetime) -> _Wrong:
    found: dict[RuleId, list[Refusal]] = {}
    for employee in whose:
        rules = directory.employees[employee].rules
        for refusal in refusals(directory, employee, rules, now):
            if refusal.problem not in _PASSES:
                found.setdefault(rules[refusal.position].id, []).append(refusal)
    return found


def _keys(wrong: _Wrong, rule: RuleId) -> frozenset[str]:
    """What a letter was written about: the same problem with another colleague is another one."""
    told = (
        f"{why.problem.value}:{why.detail}"[:40].replace(",", " ") for why in wrong.get(rule, ())
    )
    return frozenset(sorted(told)[:4])

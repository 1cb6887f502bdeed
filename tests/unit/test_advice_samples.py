"""The moments and callers that stand for all others really do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ari_app.domain.calls import Caller, CallerKind
from ari_app.domain.conditions import applies, mask_fits
from ari_app.domain.directory import DayKind, Directory, Employee, Hours, Voicemail, When
from ari_app.domain.moments import moments, pieces
from ari_app.domain.number_masks import sample_callers
from tests.unit.people import INSIDER, directory, employee, rule

NOW = datetime(2026, 10, 20, 9, 10, tzinfo=UTC)
DAYS = [date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26), date(2026, 11, 1)]
QUARTERS = [NOW + timedelta(minutes=15 * n) for n in range(4 * 24 * 20)]
"""Enough to see Europe, America and Lord Howe Island (by half an hour) change their clocks."""
ZONES = [
    ZoneInfo(name)
    for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
]

_clocks = st.sampled_from(
    [time(n // 4, n % 4 * 15) for n in (0, 4, 6, 7, 8, 9, 10, 11, 12, 14, 72)]
)
_edges = st.none() | st.integers(0, 10 * 96).map(lambda n: NOW + timedelta(minutes=15 * n))
_hours = st.builds(
    Hours,
    _clocks,
    _clocks,
    st.sampled_from(DayKind),
    st.frozensets(st.integers(0, 6), max_size=2),
    st.none() | st.sampled_from(DAYS),
)
_whens = st.builds(When, since=_edges, until=_edges, hours=st.lists(_hours, max_size=2).map(tuple))


@st.composite
def _people(draw: st.DrawFn) -> list[Employee]:
    return [
        employee(
            100 + number,
            zone=draw(st.sampled_from(ZONES)),
            rules=tuple(
                rule(place, Voicemail(), when)
                for place, when in enumerate(draw(st.lists(_whens, min_size=1, max_size=2)))
            ),
        )
        for number in range(draw(st.integers(1, 2)))
    ]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(_people(), st.frozensets(st.sampled_from(DAYS)), st.frozensets(st.sampled_from(DAYS)))
def test_rules_that_hold_together_at_any_time_do_so_at_one_of_the_moments(
    people: list[Employee], free: frozenset[date], working: frozenset[date]
) -> None:
    office = directory(*people, free_days=free, working_days=working)
    rules = [(each, person) for person in people for each in person.rules]

    def holding(moment: datetime) -> tuple[bool, ...]:
        return tuple(applies(each, who, INSIDER, office, moment) for each, who in rules)

    assert set(map(holding, QUARTERS)) <= set(map(holding, moments(people, office, NOW)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(_people())
def test_nothing_begins_or_ends_within_a_piece_of_two_weeks(people: list[Employee]) -> None:
    assert _changes_within_pieces(people[0], NOW.date()) == []


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2027, 3, 28)])
@pytest.mark.parametrize("hours", [(1, 2), (2, 3), (2, 4), (3, 2)])
def test_a_change_of_the_clocks_begins_a_piece(sunday: date, hours: tuple[int, int]) -> None:
    start, end = hours
    night = When(hours=(Hours(time(start, 15), time(end, 30)),))
    person = employee(101, zone=ZONES[0], rules=(rule(1, Voicemail(), night),))
    assert _changes_within_pieces(person, sunday - timedelta(days=1)) == []


def _changes_within_pieces(person: Employee, first: date) -> list[datetime]:
    """Quarters of an hour at which other rules hold than where their piece begins."""
    office = directory(person)
    of_pieces = {
        start.astimezone(UTC) + timedelta(minutes=15 * n): _holding(person, office, start)
        for start, length in pieces(person, first, 14)
        for n in range(-(-length // timedelta(minutes=15)))
    }
    assert len(of_pieces) >= 14 * 96 - 4
    return [m for m, held in of_pieces.items() if held != _holding(person, office, m)]


def _holding(person: Employee, office: Directory, moment: datetime) -> list[bool]:
    return [applies(each, person, INSIDER, office, moment) for each in person.rules]


def _numbers(signs: str, longest: int) -> Iterator[str]:
    for length in range(longest + 1):
        yield from map("".join, product(signs, repeat=length))


EVERYBODY = [
    *(Caller(number, is_inside=True) for number in _numbers("123", 5) if len(number) > 1),
    *(Caller(number, is_inside=False) for number in _numbers("+12", 5)),
]
_masks = st.from_regex(r"\A\+?[12?]{0,3}\*?\Z").filter(bool)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(_masks, min_size=1, max_size=4))
def test_masks_that_fit_together_do_so_for_one_of_the_callers(masks: list[str]) -> None:
    def fitting(caller: Caller) -> tuple[CallerKind, tuple[bool, ...]]:
        return caller.kind, tuple(mask_fits(mask, caller.number) for mask in masks)

    assert set(map(fitting, EVERYBODY)) <= set(map(fitting, sample_callers(masks, CallerKind)))


def test_a_long_list_of_numbers_makes_one_caller_for_each_and_one_for_others() -> None:
    masks = [f"+7916555{n:04}" for n in range(0, 3000, 7)]
    callers = sample_callers(masks, {CallerKind.OUTSIDE})
    assert sorted(caller.number for caller in callers if caller.number in masks) == masks
    assert len(callers) == len(masks) + 1

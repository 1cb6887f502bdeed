"""Rules that cannot work, each with its reason."""

from datetime import date, datetime, time, timedelta

import pytest

from ari_app.domain.checks import Problem, refusals, rules_gone_wrong
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    DayKind,
    Destination,
    Directory,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    OwnPhones,
    SayGoodbye,
    Situation,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, NumberClass, OutsideNumber, OwnStatusId
from tests.unit.people import LANDLINE, MOBILE, MONDAY_NOON, directory, employee, for_, rule

ANNA, BORIS, VERA, GONE = (EmployeeId(number) for number in (101, 102, 103, 199))
ANNAS_NUMBER = OutsideNumber("+74951234501", NumberClass.LOCAL)
NEW_YEAR, MONDAY, SATURDAY = date(2027, 1, 1), date(2026, 11, 23), date(2026, 11, 28)


def office(*rules_of_boris: ForwardingRule, **more: object) -> Directory:
    return directory(
        employee(101, number=ANNAS_NUMBER.e164),
        employee(102, Status.ONLINE, *rules_of_boris),
        employee(103, phones=(), may_dial=frozenset({NumberClass.LOCAL})),
        **{"free_days": frozenset({NEW_YEAR}), **more},
    )


def problems(
    rules: ForwardingRule | list[ForwardingRule],
    whose: EmployeeId = ANNA,
    where: Directory | None = None,
) -> list[Problem]:
    rules = rules if isinstance(rules, list) else [rules]
    return [r.problem for r in refusals(where or office(), whose, rules, MONDAY_NOON)]


def on(then: Destination, **when: object) -> ForwardingRule:
    return rule(1, then, When(**when))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "good",
    [
        rule(1, Colleague(BORIS)),
        rule(1, Voicemail()),
        rule(1, SayGoodbye(), greeting="autosecretary/away"),
        rule(1, OwnPhones(), for_(Situation.BUSY)),
        rule(1, Colleagues((BORIS, VERA))),
        rule(1, OutsideNumbers((MOBILE, LANDLINE), seconds=120)),
        on(Voicemail(), numbers=("+7495*", "1??", "+79165550123", "*")),
        on(Voicemail(), hours=(Hours(time(22), time(6), DayKind.WORKING),)),
        on(Voicemail(), hours=(Hours(day_kind=DayKind.FREE, weekdays=frozenset({4})),)),
        on(Voicemail(), hours=(Hours(on=NEW_YEAR, day_kind=DayKind.FREE),)),
        on(Voicemail(), hours=(Hours(on=date(2020, 1, 1)), Hours(on=NEW_YEAR))),
        on(Voicemail(), until=MONDAY_NOON + timedelta(hours=1), hours=(Hours(on=MONDAY),)),
    ],
)
def test_a_rule_that_can_work_is_not_refused(good: ForwardingRule) -> None:
    assert problems(good) == []


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (rule(1, Voicemail(), name=" "), Problem.BAD_NAME),
        (rule(1, Voicemail(), name="x" * 101), Problem.BAD_NAME),
        (rule(1, Voicemail(), name="two\nlines"), Problem.BAD_NAME),
        (rule(1, Voicemail(), for_()), Problem.NO_TRIGGER),
        (on(Voicemail(), callers=frozenset()), Problem.NO_CALLERS),
        (on(Voicemail(), numbers=("",)), Problem.BAD_MASK),
        (on(Voicemail(), numbers=("+7[0-9]",)), Problem.BAD_MASK),
        (on(Voicemail(), numbers=("*123",)), Problem.BAD_MASK),
        (rule(1, Voicemail(), greeting="../../etc/passwd"), Problem.BAD_GREETING),
        (rule(1, Voicemail(), greeting=""), Problem.BAD_GREETING),
        (rule(1, Voicemail(), greeting="a,b&c"), Problem.BAD_GREETING),
        (rule(1, OwnPhones(seconds=121)), Problem.BAD_SECONDS),
        (rule(1, Colleagues((BORIS,), seconds=-1)), Problem.BAD_SECONDS),
        (on(Voicemail(), no_answer_seconds=500), Problem.BAD_SECONDS),
        (on(Voicemail(), statuses=frozenset({OwnStatusId(7)})), Problem.NO_SUCH_STATUS),
        (rule(1, Colleague(ANNA)), Problem.MYSELF),
        (rule(1, Colleagues((BORIS, ANNA))), Problem.MYSELF),
        (rule(1, OutsideNumbers((ANNAS_NUMBER,))), Problem.MYSELF),
        (rule(1, Colleague(GONE)), Problem.COLLEAGUE_GONE),
        (rule(1, Voicemail(), otherwise=Colleague(GONE)), Problem.COLLEAGUE_GONE),
        (rule(1, Colleagues(())), Problem.EMPTY_LIST),
        (rule(1, OutsideNumbers(())), Problem.EMPTY_LIST),
    ],
)
def test_a_rule_that_cannot_work_is_refused(bad: ForwardingRule, problem: Problem) -> None:
    assert problems(bad) == [problem]


def test_rights_and_phones_are_those_of_the_employee() -> None:
    assert problems(rule(1, OutsideNumbers((MOBILE,))), VERA) == [Problem.MAY_NOT_DIAL]
    assert problems(rule(1, OutsideNumbers((LANDLINE,))), VERA) == []
    assert problems(rule(1, OwnPhones()), VERA) == [Problem.NO_PHONES]


@pytest.mark.parametrize(
    ("hours", "problem"),
    [
        (Hours(on=MONDAY, weekdays=frozenset({5})), Problem.HOURS_NEVER_HOLD),
        (Hours(on=NEW_YEAR, day_kind=DayKind.WORKING), Problem.HOURS_NEVER_HOLD),
        (Hours(on=date(2020, 1, 1)), Problem.HOURS_NEVER_HOLD),
        (Hours(day_kind=DayKind.WORKING, weekdays=frozenset({5, 6})), Problem.HOURS_NEVER_HOLD),
        (Hours(day_kind=DayKind.FREE, weekdays=frozenset({1})), Problem.HOURS_NEVER_HOLD),
        (Hours(weekdays=frozenset({7})), Problem.HOURS_NEVER_HOLD),
        (Hours(on=MONDAY, start=time(8), end=time(9)), Problem.HOURS_NEVER_HOLD),
    ],
)
def test_hours_that_never_hold_are_refused(hours: Hours, problem: Problem) -> None:
    assert problems(on(Voicemail(), hours=(hours,))) == [problem]


def test_a_moved_working_day_makes_its_hours_possible() -> None:
    moved = office(working_days=frozenset({SATURDAY}))
    hours = Hours(day_kind=DayKind.WORKING, weekdays=frozenset({5}))
    assert problems(on(Voicemail(), hours=(hours,)), where=moved) == []


@pytest.mark.parametrize(
    ("since", "until", "hours", "problem"),
    [
        (2, 1, (), Problem.PERIOD_BACKWARDS),
        (1, 1, (), Problem.PERIOD_BACKWARDS),
        (-2, -1, (), Problem.PERIOD_PAST),
        (None, 0, (), Problem.PERIOD_PAST),
        (1, 3, (Hours(on=NEW_YEAR),), Problem.DATE_OUTSIDE_PERIOD),
        (1, 2, (Hours(weekdays=frozenset({6})),), Problem.HOURS_NEVER_HOLD),
    ],
)
def test_a_period_that_cannot_come_is_refused(
    since: int | None, until: int, hours: tuple[Hours, ...], problem: Problem
) -> None:
    def moment(days: int | None) -> datetime | None:
        return None if days is None else MONDAY_NOON + timedelta(days=days)

    bad = on(Voicemail(), since=moment(since), until=moment(until), hours=hours)
    assert problems(bad) == [problem]


@pytest.mark.parametrize(
    "back",
    [
        rule(2, Colleague(ANNA)),
        rule(2, Colleague(ANNA), for_(Situation.NO_ANSWER)),
        rule(2, OwnPhones(), otherwise=Colleague(ANNA)),
        rule(2, OutsideNumbers((ANNAS_NUMBER,))),
    ],
)
def test_a_circle_over_a_colleague_names_the_people_in_it(back: ForwardingRule) -> None:
    (refusal,) = refusals(office(back), ANNA, [rule(1, Colleague(BORIS))], MONDAY_NOON)
    assert (refusal.problem, refusal.people) == (Problem.CIRCLE, (ANNA, BORIS, ANNA))


@pytest.mark.parametrize(
    "back",
    [
        rule(2, Colleague(ANNA), is_on=False),
        rule(2, Colleagues((ANNA,))),
        rule(2, OutsideNumbers((MOBILE,))),
        rule(2, Voicemail(), otherwise=Colleague(ANNA)),
    ],
)
def test_what_does_not_lead_back_is_no_circle(back: ForwardingRule) -> None:
    assert problems(rule(1, Colleague(BORIS)), where=office(back)) == []


def test_a_long_circle_is_found_and_a_circle_of_others_is_not_ours() -> None:
    people = [
        employee(101),
        employee(102, Status.ONLINE, rule(2, Colleague(VERA))),
        employee(103, Status.ONLINE, rule(3, Colleague(ANNA))),
        employee(104, Status.ONLINE, rule(4, Colleague(BORIS))),
    ]
    (refusal,) = refusals(directory(*people), ANNA, [rule(1, Colleague(BORIS))], MONDAY_NOON)
    assert refusal.people == (ANNA, BORIS, VERA, ANNA)
    closed = rule(1, Colleague(EmployeeId(104)))
    assert problems(closed, EmployeeId(105), directory(*people, employee(105))) == []


def test_a_rule_that_is_off_may_be_out_of_date() -> None:
    old = on(Colleague(GONE), until=MONDAY_NOON - timedelta(days=1))
    assert problems([rule(1, Voicemail()), old])
    off = rule(1, old.then, old.when, is_on=False)
    assert problems(off) == []


def test_a_refusal_names_the_rules_place() -> None:
    bad = rule(7, Colleague(GONE), name="Vacation")
    (refusal,) = refusals(office(), ANNA, [rule(1, Voicemail()), bad], MONDAY_NOON)
    assert (refusal.position, refusal.rule, refusal.detail) == (1, "Vacation", "199")


def test_rules_gone_wrong_are_found_at_everybody() -> None:
    wrong = rules_gone_wrong(office(rule(1, Colleague(GONE)), rule(2, Voicemail())), MONDAY_NOON)
    assert [(who, r.problem) for who, r in wrong] == [(BORIS, Problem.COLLEAGUE_GONE)]

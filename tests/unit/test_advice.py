"""What is worth knowing of a secretary's rules though they can be saved."""

from datetime import date, time, timedelta

import pytest

from ari_app.domain.advice import Advice, AdviceKind, advice
from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    DayKind,
    Directory,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    OwnPhones,
    OwnStatus,
    SayGoodbye,
    Situation,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.long_ringing import TooLongFor
from ari_app.domain.never_reached import Why
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from ari_app.explain import LANGUAGES, Storyteller, names_in
from tests.unit.people import MOBILE, MONDAY_NOON, directory, employee, for_, rule

ANNA, BORIS = EmployeeId(101), EmployeeId(102)
LUNCH = OwnStatusId(7)
WORK = Hours(time(9), time(18), DayKind.WORKING)
REST = Hours(time(18), time(9), DayKind.WORKING)
ALL_SITUATIONS = frozenset(Situation)
ALL_STATUSES = frozenset(Status)
HIDDEN, INSIDE = frozenset({CallerKind.ANONYMOUS}), frozenset({CallerKind.INSIDE})
WHOLE_FRIDAY = Hours(weekdays=frozenset({4}))
WEEKEND = frozenset({5, 6})


def when(*statuses: Status | OwnStatusId, **more: object) -> When:
    return When(frozenset(statuses) or frozenset({Status.OFFLINE}), **more)  # type: ignore[arg-type]


def office(*rules_of_boris: ForwardingRule, **more: object) -> Directory:
    return directory(
        employee(101, Status.ONLINE, **more),
        employee(102, Status.ONLINE, *rules_of_boris),
        own_statuses={LUNCH: OwnStatus(LUNCH, "Обед", "Lunch", Status.BREAK)},
        free_days=frozenset({date(2026, 11, 25)}),
    )


def unreached(*rules: ForwardingRule, where: Directory | None = None) -> list[Advice]:
    found = advice(where or office(), ANNA, rules, MONDAY_NOON)
    return [each for each in found if each.kind is AdviceKind.NEVER_REACHED]


def covered(
    *rules: ForwardingRule, where: Directory | None = None
) -> list[tuple[int | None, tuple[str, ...]]]:
    found = unreached(*rules, where=where)
    assert {Why.COVERED.value} >= {each.detail for each in found}
    return [(each.position, each.by_names) for each in found]


ENDS = [
    rule(1, Voicemail()),
    rule(1, SayGoodbye()),
    rule(1, OwnPhones(), otherwise=Voicemail()),
    rule(1, Colleague(BORIS), otherwise=SayGoodbye()),
    rule(1, OutsideNumbers((MOBILE,)), otherwise=Voicemail()),
]


@pytest.mark.parametrize("first", ENDS)
def test_a_rule_after_one_that_ends_every_call_is_never_reached(first: ForwardingRule) -> None:
    assert covered(first, rule(2, Voicemail())) == [(1, ("rule 1",))]


@pytest.mark.parametrize(
    "first",
    [
        rule(1, OwnPhones()),
        rule(1, Colleague(BORIS)),
        rule(1, Colleagues((BORIS,)), otherwise=OwnPhones()),
        rule(1, Voicemail(), is_on=False),
        rule(1, Voicemail(), is_temporary=True),
        rule(1, Voicemail(), when(Status.BREAK)),
        rule(1, Voicemail(), When(callers=frozenset({CallerKind.INSIDE}))),
        rule(1, Voicemail(), When(numbers=("+7916*",))),
        rule(1, Voicemail(), When(hours=(WORK,))),
        rule(1, Voicemail(), When(hours=(WORK, REST))),
        rule(1, Voicemail(), When(since=MONDAY_NOON + timedelta(hours=1))),
        rule(1, Voicemail(), When(until=MONDAY_NOON + timedelta(hours=1))),
        rule(1, Voicemail(), for_(*Situation)),
    ],
)
def test_a_rule_that_some_call_comes_to_gets_no_advice(first: ForwardingRule) -> None:
    assert unreached(first, rule(2, Voicemail())) == []


def test_several_rules_can_cover_one_together() -> None:
    by_hours = [
        rule(1, Voicemail(), When(hours=(WORK,))),
        rule(2, Voicemail(), When(hours=(Hours(time(18), time(9)),))),
        rule(3, Voicemail(), When(hours=(Hours(day_kind=DayKind.FREE),))),
    ]
    last = rule(4, OwnPhones())
    assert covered(*by_hours, last) == [(3, ("rule 1", "rule 2", "rule 3"))]
    assert covered(*by_hours[:2], last) == []


def test_rules_for_what_comes_of_the_phones_yield_to_rules_for_the_status() -> None:
    first = rule(1, OutsideNumbers((MOBILE,)), When(ALL_STATUSES))
    for_busy = rule(2, Voicemail(), for_(Situation.BUSY))
    assert covered(first, for_busy) == [(1, ("rule 1",))]
    only_away = rule(1, first.then, when(Status.OFFLINE, Status.DO_NOT_DISTURB))
    assert covered(only_away, for_busy) == []


def test_a_rule_after_a_colleague_who_never_leaves_the_call_to_others() -> None:
    takes_all = rule(9, Voicemail(), When(ALL_STATUSES, ALL_SITUATIONS))
    to_boris = [rule(1, Colleague(BORIS), otherwise=OwnPhones()), rule(2, Voicemail())]
    assert covered(*to_boris, where=office(takes_all)) == [(1, ("rule 1",))]
    not_at_night = rule(9, Voicemail(), When(ALL_STATUSES, ALL_SITUATIONS, hours=(WORK,)))
    assert covered(*to_boris, where=office(not_at_night)) == []


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (rule(1, Voicemail(), When(numbers=("1*",), callers=HIDDEN)), Why.NO_SUCH_CALLER),
        (rule(1, Voicemail(), When(numbers=("+7*",), callers=INSIDE)), Why.NO_SUCH_CALLER),
        (rule(1, Voicemail(), When(numbers=("????????",), callers=INSIDE)), Why.NO_SUCH_CALLER),
        (rule(1, Voicemail(), for_(Situation.BUSY)), Why.NO_PHONE),
    ],
)
def test_a_rule_can_be_useless_by_itself(last: ForwardingRule, why: Why) -> None:
    (found,) = unreached(last, where=office(phones=()))
    assert (found.detail, found.by) == (why.value, ())


def test_a_rule_for_a_status_is_useless_where_the_card_leaves_it_out() -> None:
    where = office(uses_status=False)
    (found,) = unreached(
        rule(1, Voicemail()), rule(2, Voicemail(), for_(Situation.BUSY)), where=where
    )
    assert (found.position, found.detail) == (0, Why.STATUS_NOT_COUNTED.value)


def test_an_own_status_is_covered_by_rules_for_the_one_it_behaves_as() -> None:
    for_lunch = rule(2, Voicemail(), when(LUNCH))
    assert covered(rule(1, Voicemail(), when(Status.BREAK)), for_lunch) == [(1, ("rule 1",))]
    assert covered(rule(1, Voicemail(), when(Status.OFFLINE)), for_lunch) == []


def gaps_in_words(*rules: ForwardingRule, language: str = "en", **more: object) -> list[str]:
    where = office(**more)
    storyteller = Storyteller(language, names_in(where))
    found = advice(where, ANNA, rules, MONDAY_NOON)
    return [storyteller.advice(each) for each in found if each.kind is AdviceKind.GAP]


def test_a_gap_is_told_by_the_week_and_a_day_off_by_its_date() -> None:
    away = rule(1, Voicemail(), When(hours=(WORK,)))
    other_days = rule(2, Voicemail(), when(Status.OFFLINE, hours=(Hours(weekdays=WEEKEND),)))
    told = [
        each.partition(";")[0].split(": no rule for ") for each in gaps_in_words(away, other_days)
    ]
    assert told == [
        ["Break", "Mon–Thu 18:00–9:00, from Fri 18:00 to Mon 9:00, Nov 25 9:00–18:00"],
        ["Offline", "Mon–Thu 18:00–9:00, Fri 18:00–24:00, Mon 0:00–9:00, Nov 25 9:00–18:00"],
    ]


def test_a_gap_says_for_whom_and_what_becomes_of_the_call() -> None:
    vip = rule(1, Voicemail(), when(Status.OFFLINE, numbers=("+7916*",), hours=(WHOLE_FRIDAY,)))
    inside = rule(2, Voicemail(), when(Status.OFFLINE, callers=INSIDE, hours=(WHOLE_FRIDAY,)))
    (told,) = gaps_in_words(vip, inside, has_voicemail=True, language="ru")
    assert told == (
        "Не в сети (внутренние звонки; номера вида +7916*): на это время правила нет:"
        " с сб 0:00 до чт 24:00; звонок, который никто не примет, попадёт на голосовую почту"
    )


def test_a_rule_for_always_and_a_vacation_leave_no_gap() -> None:
    vacation = rule(1, Voicemail(), When(since=MONDAY_NOON, until=MONDAY_NOON + timedelta(days=9)))
    new_year = rule(2, Voicemail(), When(hours=(Hours(on=date(2026, 12, 1)),)))
    assert gaps_in_words(vacation, new_year) == []
    by_day = rule(3, Voicemail(), When(hours=(Hours(time(9), time(18)),)))
    by_night = rule(4, SayGoodbye(), When(hours=(Hours(time(18), time(9)),)))
    assert gaps_in_words(by_day, by_night) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_advice_can_be_told(language: str) -> None:
    storyteller = Storyteller(language, names_in(office()))
    told = [
        storyteller.advice(Advice(0, "x", kind, detail, (ANNA,), seconds=100, most=90))
        for kind, details in (
            (AdviceKind.NEVER_REACHED, [each.value for each in Why]),
            (AdviceKind.TOO_LONG, [each.value for each in TooLongFor]),
            (AdviceKind.NOT_REGISTERED, ["3"]),
        )
        for detail in details
    ]
    assert len(set(told)) == len(told)
    assert not [text for text in told if "{" in text]

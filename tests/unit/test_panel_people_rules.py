"""The secretary in words, the last calls with their reasons, and forms that lose nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from ari_app.domain.calls import CallerKind, Ending
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    DayKind,
    Destination,
    Farewell,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    OwnPhones,
    OwnStatus,
    Phone,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import (
    EmployeeId,
    Endpoint,
    Extension,
    NumberClass,
    OutsideNumber,
    OwnStatusId,
    RuleId,
)
from ari_app.numbering import outside_number
from ari_app.settings import Settings
from ari_app.store.card import Card, DepartmentId
from ari_app.store.rules import save_rules
from tests.unit.call_history import Rang, note
from tests.unit.panel import Browser, Office
from web.acts.people import CardForm, ContactCentreForm, card_form, contact_centre_form
from web.acts.phones import PhoneLine, PhonesForm, phones_form, read_phones
from web.card_version import Stale, check_version, merged, version_of
from web.forms import fill, filled_with
from web.people_words import number_shown
from web.rule_words import RuleWords
from web.words import Words

ANNA, EMMA, GONE = EmployeeId(1), EmployeeId(5), EmployeeId(99)
LUNCH = OwnStatusId(1)
OWN = {LUNCH: OwnStatus(LUNCH, "На обеде", "At lunch", Status.BREAK, "orange")}
PEOPLE = {ANNA: "Анна Кузнецова", EMMA: "Emma Clarke"}
MOBILE = OutsideNumber("+79165550106", NumberClass.MOBILE)
MOSCOW = ZoneInfo("Europe/Moscow")
SETTINGS = Settings(_env_file=None)


def told(rule: ForwardingRule, language: str = "en") -> str:
    return (
        RuleWords(Words(language, MOSCOW), PEOPLE, OWN).rule(rule).sentence.replace("\u00a0", " ")
    )


def rule(when: When, then: Destination, otherwise: Destination | None = None) -> ForwardingRule:
    return ForwardingRule(RuleId(1), "Rule", when, then, otherwise)


def when(**changed: object) -> When:
    return replace(When(frozenset({Status.BREAK})), **changed)  # type: ignore[arg-type]


ON_BREAK = "When the status is “Break”"


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (when(), f"{ON_BREAK}: take a message."),
        (
            When(frozenset({Status.OFFLINE, Status.BREAK, LUNCH})),
            "When the status is “Break” or “Offline” or “At lunch”: take a message.",
        ),
        (
            When(frozenset(), frozenset(Situation), 15),
            (
                "When nobody answers for 15 s or the phones are busy or no phone is reachable:"
                " take a message."
            ),
        ),
        (
            when(callers=frozenset({CallerKind.INSIDE, CallerKind.ANONYMOUS})),
            f"{ON_BREAK}, a colleague calls or the number is withheld: take a message.",
        ),
        (
            when(numbers=("+7812*", "+7495???????", "+79165550106")),
            (
                f"{ON_BREAK}, the caller's number begins with +7812 or looks like +7495???????"
                " or is +7 916 555-01-06: take a message."
            ),
        ),
        (
            when(hours=(Hours(time(9), time(18), DayKind.WORKING), Hours(on=date(2026, 12, 31)))),
            f"{ON_BREAK}, from 09:00 to 18:00 on working days or on 31 Dec 2026: take a message.",
        ),
        (
            when(hours=(Hours(time(11), time(16), weekdays=frozenset({0, 1, 2, 6})),)),
            f"{ON_BREAK}, from 11:00 to 16:00 Mon, Tue, Wed, Sun: take a message.",
        ),
        (
            when(
                since=datetime(2026, 12, 1, 6, tzinfo=UTC),
                until=datetime(2026, 12, 2, 6, tzinfo=UTC),
            ),
            f"{ON_BREAK}, from 01/12/2026, 09:00 until 02/12/2026, 09:00: take a message.",
        ),
    ],
)
def test_conditions_are_told(condition: When, sentence: str) -> None:
    assert sentence == told(rule(condition, Voicemail()))


@pytest.mark.parametrize(
    ("then", "deed"),
    [
        (OwnPhones(RingOrder.IN_TURN, 15), "ring the own phones (one after another) for 15 s"),
        (OwnPhones(RingOrder.MAIN_ONLY), "ring the own phones (only the first one)"),
        (Colleague(ANNA), "pass the call to Анна Кузнецова"),
        (Colleague(GONE), "pass the call to somebody who has left"),
        (Colleagues((ANNA, EMMA)), "ring Анна Кузнецова, Emma Clarke (all at once) for 20 s"),
        (
            OutsideNumbers((MOBILE,), confirm=True),
            "ring +7 916 555-01-06 for 25 s, who answers presses 1",
        ),
        (Voicemail(), "take a message"),
        (SayGoodbye(Farewell.BUSY), "say that the line is busy, and hang up"),
        (SayGoodbye(Farewell.NORMAL), "say goodbye, and hang up"),
    ],
)
def test_destinations_are_told(then: Destination, deed: str) -> None:
    assert f"{ON_BREAK}: {deed}." == told(rule(when(), then))


def test_a_rule_is_told_whole_in_russian() -> None:
    made = replace(rule(when(), Colleague(ANNA), Voicemail()), greeting="autosecretary/away")
    expected = (
        "Если статус «Перерыв»: звучит приветствие «autosecretary/away», звонок получает "
        "Анна Кузнецова. Если звонок никто не принял: записывается сообщение."
    )
    assert expected == told(made, "ru")


async def test_the_secretary_tells_its_rules_in_their_order(
    browser: Browser, office: Office
) -> None:
    off = replace(rule(when(), Colleague(office.who(105))), name="Выключенное", is_on=False)
    last = replace(rule(When(), Voicemail()), name="Последнее")
    async with office.sessions.begin() as session:
        await save_rules(session, office.who(102), (off, last), office.now(), "RU")
    await browser.log_in(101)
    rules = (await browser.get("/employees/2/secretary")).html.select(".rule-list > li")
    names = [one.select(".rule-name")[0].get_text(" ", strip=True) for one in rules]
    assert ["Выключенное выключено", "Последнее"] == names
    assert "Emma Clarke" in rules[0].get_text()


async def test_who_has_no_rules_is_told_so(browser: Browser) -> None:
    await browser.log_in(101)
    assert "Правил нет" in (await browser.get("/employees/1/secretary")).text


async def test_the_last_calls_are_told_with_their_reasons(browser: Browser, office: Office) -> None:
    call = await note(office, Rang(102, Ending.NOT_TAKEN))
    other = await note(office, Rang(105, Ending.NOT_TAKEN))
    await browser.log_in(101)
    answer = await browser.get("/employees/2/calls")
    assert answer.html.select_one(f'a[href="/calls/{call}"]')
    assert answer.html.select_one(f'a[href="/calls/{other}"]') is None
    assert "Заместитель" in answer.html.select(".reasons-brief")[0].get_text()


async def test_who_had_no_calls_is_told_so(browser: Browser) -> None:
    await browser.log_in(101)
    assert "Звонков пока нет" in (await browser.get("/employees/1/calls")).text


_LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S"))
_TEXT = st.text(_LETTERS, max_size=60)
_NUMBERS = st.integers(0, 9_999_999).map(lambda number: f"+7916{number:07}")
_ENDPOINTS = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_.-]{0,38}", fullmatch=True).map(Endpoint)


def _outside(e164: str) -> OutsideNumber:
    found = outside_number(e164, SETTINGS.country, SETTINGS.area_code)
    assert found is not None
    return found


CARDS = st.builds(
    Card,
    name=st.text(_LETTERS, min_size=1, max_size=200),
    extension=st.from_regex(r"[0-9]{2,7}", fullmatch=True).map(Extension),
    phones=st.lists(
        st.builds(Phone, _ENDPOINTS | _NUMBERS.map(_outside), st.integers(0, 120)),
        max_size=20,
        unique_by=lambda phone: phone.address,
    ).map(tuple),
    ring_order=st.sampled_from(RingOrder),
    uses_status=st.booleans(),
    zone=st.sampled_from(["UTC", "Europe/Moscow", "Asia/Vladivostok"]),
    language=st.sampled_from(["ru", "en"]),
    has_voicemail=st.booleans(),
    may_dial=st.frozensets(st.sampled_from(NumberClass)),
    number=st.none() | _NUMBERS,
    department=st.none() | st.integers(1, 99).map(DepartmentId),
    email=st.none() | st.just("anna@example.ru"),
    mobile=st.none() | _NUMBERS,
    position=_TEXT,
    after_call_seconds=st.integers(0, 3600),
    own_statuses=st.none() | st.frozensets(st.just(LUNCH)),
)


@given(CARDS)
def test_a_card_goes_through_its_forms_unchanged(card: Card) -> None:
    shown = filled_with(card_form(card))
    typed = MultiDict((name, text) for name, texts in shown.typed.items() for text in texts)
    for name in ("mobile", "number"):
        if typed.get(name):
            typed[name] = number_shown(typed[name])
    sent = fill(CardForm, typed, Words("en", MOSCOW), {"country": "RU"})
    assert ({}, card_form(card)) == (dict(sent.errors), sent.value)
    lines = tuple(
        PhoneLine(address=number_shown(line.address), seconds=line.seconds)
        for line in phones_form(card).phones
    )
    assert card.phones == read_phones(lines, SETTINGS)
    settings = filled_with(contact_centre_form(card, OWN))
    typed = MultiDict((name, text) for name, texts in settings.typed.items() for text in texts)
    again = fill(ContactCentreForm, typed, Words("en", MOSCOW))
    assert contact_centre_form(card, OWN) == again.value


@given(CARDS, CARDS, CARDS)
def test_nothing_that_anybody_has_typed_is_lost(shown: Card, mine: Card, theirs: Card) -> None:
    sent = card_form(mine).model_copy(update={"version": version_of(card_form(shown))})
    try:
        check_version(sent, card_form(theirs))
    except Stale as error:
        both = merged(sent, error)
        for name in error.fields:
            is_mine = getattr(card_form(mine), name) != getattr(card_form(shown), name)
            expected = card_form(mine) if is_mine else card_form(theirs)
            assert getattr(expected, name) == getattr(both.form, name)
        check_version(both.form, card_form(theirs))
    else:
        assert card_form(shown) == card_form(theirs)


def test_a_list_of_phones_in_the_order_of_its_lines_has_a_version() -> None:
    first = PhonesForm(phones=(PhoneLine(address="101"), PhoneLine(address="102")))
    turned = PhonesForm(phones=first.phones[::-1])
    with pytest.raises(Stale):
        check_version(turned.model_copy(update={"version": version_of(first)}), turned)

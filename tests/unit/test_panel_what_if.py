"""What if: who may ask, what is asked, and the way that is shown for saved and edited rules."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ari_app.domain.directory import (
    Colleague,
    Destination,
    ForwardingRule,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, RuleId
from ari_app.store.rules import save_rules
from tests.unit.panel import Answer, Browser, Office
from web.draft import Draft, write_draft

BORIS = "/employees/2/secretary/what-if"
NOON = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KINDS = ("", "/week", "/replay")


def draft(*rules: ForwardingRule) -> str:
    return write_draft(Draft(0, rules))


def on_break(then: Destination, name: str = "Новое") -> ForwardingRule:
    return ForwardingRule(RuleId(-1), name, When(frozenset({Status.BREAK})), then)


def titles(answer: Answer) -> list[list[str]]:
    """The boxes of each picture."""
    return [
        [one.text for one in picture.select("g.way-box > title")]
        for picture in answer.html.select("svg.way")
    ]


def words(answer: Answer) -> str:
    return " ".join(answer.html.select_one("#what-if-result").get_text(" ").split())  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", KINDS)
async def test_who_is_not_logged_in_comes_to_the_login(browser: Browser, kind: str) -> None:
    assert (await browser.get(BORIS + kind)).to.startswith("/login")


@pytest.mark.parametrize("kind", KINDS)
async def test_who_may_not_see_these_rules_is_refused(browser: Browser, kind: str) -> None:
    await browser.log_in(105)
    assert (await browser.get(BORIS + kind)).status == 403
    assert (await browser.post(BORIS + kind, draft=draft())).status == 403


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", ["999", "x"])
async def test_nobody_s_rules_are_not_found(browser: Browser, kind: str, who: str) -> None:
    await browser.log_in(101)
    assert (await browser.get(f"/employees/{who}/secretary/what-if{kind}")).status == 404


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["x", "[]", '{"base":1}', "9" * 400_000])
async def test_what_is_no_draft_is_refused(browser: Browser, kind: str, text: str) -> None:
    await browser.log_in(101)
    assert (await browser.post(BORIS + kind, draft=text)).status == 400


@pytest.mark.parametrize("kind", KINDS)
async def test_a_form_of_another_page_is_refused(browser: Browser, kind: str) -> None:
    await browser.log_in(101)
    assert (await browser.post(BORIS + kind, token="x", draft=draft())).status == 403


async def test_the_page_asks_before_it_tells(browser: Browser, office: Office) -> None:
    office.at = NOON
    await browser.log_in(101)
    html = (await browser.get(BORIS)).html
    assert html.select_one("svg.way") is None
    assert ["2026-11-23", "12:00"] == [
        html.select(f"[name={name}]")[0]["value"] for name in ("if_date", "if_time")
    ]
    assert html.select_one('[name="if_status"] option[value="own-1"]')
    assert html.select("form[action$=what-if]")[0]["method"] == "get"


async def test_the_way_by_the_saved_rules_is_drawn_and_told(
    browser: Browser, office: Office
) -> None:
    office.at = NOON
    await browser.log_in(101)
    answer = await browser.get(f"{BORIS}?if_status=break&if_caller=outside")
    assert [
        [
            "Кто-то снаружи",
            "Приветствие «Меня нет на месте»",
            "Анна Кузнецова",
            "Голосовая почта: Борис Орлов",
        ]
    ] == titles(answer)
    assert "Борис Орлов: «Перерыв», поэтому действует правило «Заместитель»" in words(answer)
    assert "пн 23 ноября 2026, 12:00" in words(answer)
    assert "style=" not in str(answer.html.select_one("#what-if-result"))


async def test_it_is_told_in_english_too(browser: Browser, office: Office) -> None:
    office.at = NOON
    await browser.log_in(106)
    path = "/employees/6/secretary/what-if"
    answer = await browser.get(f"{path}?if_caller=outside&if_time=23:30&if_date=2026-11-23")
    assert [["Somebody from outside", "Voicemail of James Miller"]] == titles(answer)
    answer = await browser.get(f"{path}?if_caller=outside&if_time=17:59&if_date=2026-11-23")
    assert ["Somebody from outside", "+7 916 555-01-06", "Voicemail of James Miller"] == (
        titles(answer)[0]
    )
    assert "outside, who answers presses 1, 25 s" in words(answer)


@pytest.mark.parametrize(
    ("query", "second"),
    [
        ("if_caller=withheld&if_status=own-1", "Говорит, что никого нет"),
        ("if_caller=outside&if_number=8 812 555-00-11&if_status=own-1", "Emma Clarke"),
        ("if_caller=outside&if_status=own-1&if_time=12:00", "Emma Clarke"),
        ("if_caller=outside&if_status=own-1&if_time=20:00", "Ольга Соколова"),
        ("if_caller=inside&if_number=103&if_status=offline", "Никто не принимает звонок"),
    ],
)
async def test_caller_status_and_time_count(
    browser: Browser, office: Office, query: str, second: str
) -> None:
    office.at = NOON
    await browser.log_in(101)
    answer = await browser.get(f"/employees/7/secretary/what-if?{query}&if_date=2026-11-24")
    assert second == titles(answer)[0][1]


@pytest.mark.parametrize(
    ("phones", "last"),
    [
        ("no_answer", "Emma Clarke"),
        ("busy", "Голосовая почта: Григорий Лебедев"),
        ("unreachable", "Никто не принимает звонок"),
    ],
)
async def test_what_own_phones_do_counts(browser: Browser, phones: str, last: str) -> None:
    await browser.log_in(101)
    path = f"/employees/4/secretary/what-if?if_status=online&if_phones={phones}"
    assert last in titles(await browser.get(path))[0]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("if_caller=inside&if_number=999", "if_number"),
        ("if_number=" + "9" * 41, "if_number"),
        ("if_status=asleep", "if_status"),
        ("if_status=own-99", "if_status"),
        ("if_status=own-²", "if_status"),
        ("if_date=2026-02-30", "if_date"),
        ("if_date=1000-01-01", "if_date"),
        ("if_time=25:00", "if_time"),
        ("if_phones=melted", "if_phones"),
        ("if_caller=nobody", "if_caller"),
    ],
)
@pytest.mark.parametrize("kind", ["", "/week"])
async def test_bad_input_is_told_beside_its_field_and_stays(
    browser: Browser, query: str, field: str, kind: str
) -> None:
    await browser.log_in(101)
    answer = await browser.get(f"{BORIS}{kind}?{query}")
    assert answer.status == 422
    shown = answer.html.select_one(f"[name={field}]")
    assert shown is not None
    assert shown["aria-invalid"] == "true"
    assert answer.html.select_one(f"#h-{field}")
    assert answer.html.select_one("svg.way, svg.week") is None


async def test_edited_rules_stand_beside_the_saved_ones_with_their_differences(
    browser: Browser,
) -> None:
    await browser.log_in(101)
    made = draft(on_break(Colleague(EmployeeId(5))))
    answer = await browser.post(BORIS, draft=made, if_status="break", if_caller="outside")
    saved, other = titles(answer)
    assert "Анна Кузнецова" in saved
    assert "Emma Clarke" in other
    assert answer.html.select("g.way-other")
    assert answer.html.select('input[name="draft"]')[0]["value"] == made
    assert "правило «Новое»" in words(answer)


async def test_the_way_back_takes_along_what_is_being_typed(browser: Browser) -> None:
    await browser.log_in(101)
    answer = await browser.post(BORIS, draft=draft(), name="Недописанное", statuses=["a", "b"])
    form = answer.html.select("form[action$=what-if]")[0]
    assert form.select_one('button[formaction="/employees/2/secretary"]')
    sent = [(one["name"], one.get("value")) for one in form.select("input[type=hidden]")]
    assert [("name", "Недописанное"), ("statuses", "a"), ("statuses", "b")] == sent[2:]


async def test_a_rule_is_called_as_it_is_in_each_version(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    (rule,) = office.directory.employees[EmployeeId(2)].rules
    made = draft(replace(rule, name="Иначе", then=Voicemail()))
    answer = await browser.post(BORIS, draft=made, if_status="break", if_caller="outside")
    saved, other = (one.get_text() for one in answer.html.select(".way-figure"))
    assert ("правило «Заместитель»" in saved, "правило «Иначе»" in other) == (True, True)
    assert "Иначе" not in saved


async def test_edited_rules_that_change_nothing_here_are_said_to(browser: Browser) -> None:
    await browser.log_in(101)
    made = draft(on_break(Voicemail()))
    answer = await browser.post(BORIS, draft=made, if_status="online", if_caller="outside")
    assert 1 == len(titles(answer))
    assert "ничего не меняют" in words(answer)


async def test_nothing_is_stored(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    await browser.post(BORIS, draft=draft(), if_status="break")
    before = office.directory.employees[EmployeeId(2)].rules
    await office.reload()
    assert before == office.directory.employees[EmployeeId(2)].rules


async def test_a_script_is_given_the_result_alone(browser: Browser) -> None:
    await browser.log_in(101)
    answer = await browser.get(f"{BORIS}?if_status=break", **{"Panel-Part": "result"})
    assert "<html" not in answer.text
    assert 1 == len(titles(answer))
    bad = await browser.get(f"{BORIS}?if_time=99", **{"Panel-Part": "result"})
    assert bad.status == 422
    assert bad.html.select_one("[role=alert] li")
    for kind in KINDS:
        shown = await browser.post(BORIS + kind, draft=draft(on_break(Voicemail())))
        part = await browser.get(BORIS + kind, **{"Panel-Part": "result"})
        assert (shown.status, part.status) == (200, 200)
        assert "<html" not in part.text


async def test_names_from_the_outside_do_no_harm(browser: Browser, office: Office) -> None:
    await browser.log_in(101)
    evil = '"><script>alert(1)</script>'
    made = draft(on_break(Voicemail(), evil))
    answer = await browser.post(BORIS, draft=made, if_status="break", if_number=evil)
    assert "<script>alert" not in answer.text
    assert office is browser.office


async def test_rules_of_others_that_may_not_be_seen_are_told_as_such(
    browser: Browser, office: Office
) -> None:
    """102 sees the rules of Продажи, not those of 105, whose mobile nobody is told."""
    rule = ForwardingRule(RuleId(0), "К Эмме", When(), Colleague(office.who(105)))
    async with office.sessions.begin() as session:
        await save_rules(session, office.who(102), (rule,), office.now(), "RU")
    await office.reload()
    await browser.log_in(102)
    answer = await browser.get(f"{BORIS}?if_status=break")
    assert ["Кто-то снаружи", "Emma Clarke", "Голосовая почта: Борис Орлов"] == titles(answer)[0]
    assert "которых вам не видно" in words(answer)
    assert "555-01-05" not in answer.text
    assert "+79165550105" not in answer.text
    week = await browser.get(f"{BORIS}/week")
    assert "Emma Clarke" not in words(week)
    assert "+79165550105" not in week.text

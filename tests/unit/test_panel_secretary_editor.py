"""The editor of rules: every button of its form, and what is typed into its fields."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from aiohttp.web import HTTPBadRequest

from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    DayKind,
    ForwardingRule,
    Hours,
    MissedNotice,
    OutsideNumbers,
    Situation,
    Status,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, NumberClass, OutsideNumber, RuleId
from ari_app.settings import Settings
from tests.unit.login import at, lines
from tests.unit.panel import Browser, Office
from tests.unit.rule_editor import Editor
from web.draft import Draft, read_draft, write_draft


async def editor(browser: Browser, office: Office, extension: int = 103) -> Editor:
    """An administrator who reads English, about to edit somebody's rules."""
    await office.give(105, "administrator")
    await browser.log_in(105)
    return await Editor(browser, office, extension).open()


async def test_a_template_makes_a_rule_that_is_open_and_not_stored(
    browser: Browser, office: Office
) -> None:
    desk = await editor(browser, office)
    before = await desk.stored()
    answer = await desk.press("add:no-answer")
    assert 200 == answer.status
    assert "Voicemail when nobody answers" in desk.sentences[-1]
    assert desk.page.select_one("[data-rule-form]") is not None
    state = desk.page.select_one("#draft-state")
    assert state is not None
    assert "true" == state["data-changed"]
    assert before == await desk.stored()


async def test_what_is_typed_becomes_the_sentence_and_after_save_the_rule(
    browser: Browser, office: Office
) -> None:
    desk = await editor(browser, office)
    await desk.press("add:empty")
    await desk.press(
        "hours+",
        name="Away",
        statuses=["break", "offline"],
        callers=["outside", "anonymous"],
        greeting="autosecretary/away",
        then_to="colleague",
        then_people="102",
        otherwise_to="outside_numbers",
        otherwise_numbers="8 916 555-01-01",
        otherwise_confirm="true",
        otherwise_seconds=20,
    )
    await desk.press("close", hours_days="working", hours_start="09:00", hours_end="18:00")
    told = desk.sentences[-1]
    for part in ("“Break” or “Offline”", "outside", "from 09:00 to 18:00 on working days"):
        assert part in told
    assert "I am away" in told
    assert "pass the call to Борис Орлов" in told
    assert "presses 1" in told
    assert 303 == (await desk.press("save")).status
    rule = (await desk.stored())[-1]
    assert "Away" == rule.name
    assert frozenset({Status.BREAK, Status.OFFLINE}) == rule.when.statuses
    assert frozenset({CallerKind.OUTSIDE, CallerKind.ANONYMOUS}) == rule.when.callers
    assert (Hours(time(9), time(18), DayKind.WORKING),) == rule.when.hours
    assert Colleague(office.who(102)) == rule.then
    mobile = OutsideNumber("+79165550101", NumberClass.MOBILE)
    assert OutsideNumbers((mobile,), seconds=20, confirm=True) == rule.otherwise
    (line,) = await lines(office, "rules.saved")
    assert "Борис Орлов" in str(line.after)


async def test_rules_are_moved_switched_copied_and_deleted_with_undo(
    browser: Browser, office: Office
) -> None:
    desk = await editor(browser, office)
    for key in ("mobile", "no-answer", "out"):
        await desk.press(f"add:{key}", then_numbers="+79165550177", then_people="102")
    await desk.press("close")
    names = [sentence.split(" not saved")[0] for sentence in desk.sentences]
    last = [str(one["data-rule"]) for one in desk.page.select("[data-rule]")][-1]
    await desk.press(f"up:{last}")
    assert [*names[:-2], names[-1], names[-2]] == [
        one.split(" not saved")[0] for one in desk.sentences
    ]
    await desk.press(f"move:{last}:0")
    assert names[-1] == desk.sentences[0].split(" not saved")[0]
    await desk.press(f"switch:{last}")
    assert "switched off" in desk.sentences[0]
    await desk.press(f"copy:{last}")
    assert len(names) + 1 == len(desk.sentences)
    await desk.press(f"delete:{last}")
    assert len(names) == len(desk.sentences)
    await desk.press("undo")
    assert len(names) + 1 == len(desk.sentences)
    assert desk.page.select_one("[value=undo]") is None


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, "Please fill this in"),
        ({"no_answer_seconds": "999"}, "Not more than 120"),
        ({"no_answer_seconds": "soon"}, "A whole number"),
        ({"numbers": "+7916, abc"}, "abc: digits"),
        ({"since": "yesterday"}, "This is not a day with a time"),
        ({"until": "2027-03-28T02:30"}, "there is no such time"),
        ({"then_to": "colleague", "then_people": "999"}, "Nobody has this extension"),
        ({"then_to": "colleague", "then_people": ""}, "Please name a colleague"),
        ({"then_to": "outside_numbers", "then_numbers": "112"}, "112 is not a telephone number"),
        ({"then_to": "outside_numbers", "then_numbers": ""}, "Please name a number"),
        ({"otherwise_to": "colleagues", "otherwise_people": ["102", "x"]}, "x: Nobody"),
        ({"greeting": "../../etc/passwd"}, "Please choose one of the list"),
        ({"statuses": ["asleep"]}, "Please choose one of the list"),
        ({"then_to": "nowhere"}, "Please choose one of the list"),
    ],
)
async def test_what_cannot_be_read_is_told_beside_its_field_and_stays(
    browser: Browser, office: Office, fields: dict[str, object], error: str
) -> None:
    # Emma's clock is London's, which is put forward at one o'clock; Moscow's never is.
    desk = await editor(browser, office, 105)
    fields = {**fields, **({"until": "2027-03-28T01:30"} if "until" in fields else {})}
    await desk.press("add:empty")
    before = await desk.stored()
    answer = await desk.press("save", **fields)
    assert 422 == answer.status
    assert error in " ".join([*desk.errors, answer.text])
    for name, value in fields.items():
        wanted = [str(one) for one in (value if isinstance(value, list) else [value])]
        if name not in ("statuses", "greeting", "then_to"):
            assert wanted == desk.typed[name]
    assert before == await desk.stored()


async def test_hours_that_cannot_be_read_are_told_at_their_line(
    browser: Browser, office: Office
) -> None:
    desk = await editor(browser, office)
    await desk.press("add:empty")
    await desk.press("hours+")
    await desk.press("hours+")
    await desk.press("close", hours_days=["chosen", "on"], hours_start=["09:00", "x"])
    assert ["Please choose at least one day", "A time like 09:30, please"] == desk.errors
    await desk.press("hours-:1", hours_weekdays=["0:0", "0:4", "1:2"])
    assert [] == desk.errors
    assert ["0:0", "0:4"] == desk.typed["hours_weekdays"]


async def test_a_half_typed_rule_survives_every_other_button(
    browser: Browser, office: Office
) -> None:
    desk = await editor(browser, office)
    await desk.press("add:deputy")
    first = str(desk.page.select("[data-rule]")[0]["data-rule"])
    for deed in (f"switch:{first}", f"down:{first}", "add:mobile", f"open:{first}", "look"):
        await desk.press(deed, name="Half", then_people="somebod")
        assert ["Half"] == desk.typed["name"]
        assert ["somebod"] == desk.typed["then_people"]


async def test_a_rule_that_cannot_work_stops_save_and_is_marked(
    browser: Browser, office: Office
) -> None:
    desk = await editor(browser, office)
    await desk.press("add:empty", then_to="colleague", then_people="103")
    before = await desk.stored()
    answer = await desk.press("save", then_to="colleague", then_people="103")
    assert 422 == answer.status
    assert 1 == len(desk.marks)
    assert before == await desk.stored()
    problems = desk.page.select_one("[data-problems] a")
    assert problems is not None
    assert desk.page.select_one(str(problems["href"])) is not None


async def test_a_circle_of_two_people_is_refused(browser: Browser, office: Office) -> None:
    desk = await editor(browser, office, 102)
    for rule in [str(one["data-rule"]) for one in desk.page.select("[data-rule]")]:
        await desk.press(f"delete:{rule}")
    await desk.press("add:empty")
    fields = {"then_to": "colleague", "then_people": "103", "statuses": ["break"]}
    assert 303 == (await desk.press("save", **fields)).status
    await office.reload()
    other = await Editor(browser, office, 103).open()
    await other.press("add:empty")
    back = {"then_to": "colleague", "then_people": "102", "statuses": ["break"]}
    assert 422 == (await other.press("save", **back)).status
    assert "Борис Орлов" in " ".join(other.marks)


@pytest.mark.parametrize("role", ["employee", "no_access", "accountant"])
async def test_who_may_not_configure_rules_gets_no_form(
    browser: Browser, office: Office, role: str
) -> None:
    await office.give(106, role)
    await browser.log_in(106)
    path = f"/employees/{office.who(102)}/secretary"
    page = await browser.get(path)
    assert page.status in (200, 403, 404)
    assert "add:mobile" not in page.text
    posted = await browser.post(path, token=await browser.token("/me"), do="save", draft="")
    assert posted.status in (403, 404)


@pytest.mark.parametrize("draft", ["", "x", "[]", "{}", '{"base": 1, "rules": "x"}', "[" * 2000])
async def test_what_is_no_draft_is_refused(browser: Browser, office: Office, draft: str) -> None:
    desk = await editor(browser, office)
    desk.typed["draft"] = [draft]
    assert 400 == (await desk.press("save")).status


@pytest.mark.parametrize(
    "endless",
    [
        ForwardingRule(RuleId(1), "x", When(numbers=("+7*",) * 51), Voicemail()),
        ForwardingRule(RuleId(1), "x", When(hours=(Hours(),) * 51), Voicemail()),
        ForwardingRule(RuleId(1), "x", When(), Colleagues((EmployeeId(2),) * 51)),
        ForwardingRule(RuleId(1), "x", When(), Voicemail(), Colleagues((EmployeeId(2),) * 51)),
    ],
)
def test_a_draft_with_endless_lists_is_refused(endless: ForwardingRule) -> None:
    settings = Settings(_env_file=None)
    allowed = replace(endless, when=When(numbers=("+7*",) * 50), then=Voicemail(), otherwise=None)
    assert (allowed,) == read_draft(write_draft(Draft(0, (allowed,))), settings).rules
    with pytest.raises(HTTPBadRequest):
        read_draft(write_draft(Draft(0, (endless,))), settings)


async def test_a_rule_of_somebody_else_is_not_taken_over(browser: Browser, office: Office) -> None:
    theirs = await Editor(browser, office, 102).stored()
    desk = await editor(browser, office, 105)
    await desk.press("add:empty", name="Mine")
    new = desk.page.select("[data-rule]")[-1]["data-rule"]
    draft = desk.typed["draft"][0].replace(f'\\"id\\":{new}', f'\\"id\\":{theirs[0].id}')
    assert draft != desk.typed["draft"][0]
    desk.typed = {"draft": [draft]}
    assert 303 == (await desk.press("save")).status
    assert theirs == await Editor(browser, office, 102).stored()
    assert theirs[0].id != (await desk.stored())[-1].id


async def test_a_number_is_what_it_is_whatever_a_browser_says(
    browser: Browser, office: Office
) -> None:
    desk = await editor(browser, office, 105)
    await desk.press("add:empty")
    await desk.press("close", then_to="outside_numbers", then_numbers="+44 20 7946 0000")
    assert "international" in desk.typed["draft"][0]
    desk.typed["draft"][0] = desk.typed["draft"][0].replace("international", "local")
    await desk.press("look")
    assert "international" in desk.typed["draft"][0]


async def test_a_greeting_that_is_not_ones_own_cannot_be_named(
    browser: Browser, office: Office
) -> None:
    desk = await editor(browser, office, 105)
    await desk.press("add:out")
    await desk.press("close")
    desk.typed["draft"][0] = desk.typed["draft"][0].replace(
        "autosecretary/out-of-office", "autosecretary-own/99"
    )
    assert 422 == (await desk.press("save")).status
    assert "greeting" in (desk.answer.text if desk.answer else "")


async def test_two_editors_are_put_together(browser: Browser, office: Office) -> None:
    mine = await editor(browser, office, 102)
    theirs = await Editor(browser, office, 102).open()
    await theirs.press("add:no-answer", name="x")
    assert 303 == (await theirs.press("save", name="Theirs")).status
    await mine.press("add:no-answer")
    answer = await mine.press("save", name="Mine")
    assert 422 == answer.status
    assert "Emma Clarke has saved these rules meanwhile" in answer.text
    assert 303 == (await mine.press("save")).status
    assert ["Theirs", "Mine"] == [rule.name for rule in (await mine.stored())[-2:]]


@pytest.mark.parametrize(("choice", "name"), [("mine", "Mine"), ("theirs", "Theirs")])
async def test_a_rule_that_both_have_changed_is_chosen(
    browser: Browser, office: Office, choice: str, name: str
) -> None:
    first = await editor(browser, office, 102)
    await first.press("add:no-answer", name="x")
    await first.press("save", name="Both")
    mine = await Editor(browser, office, 102).open()
    theirs = await Editor(browser, office, 102).open()
    which = str(mine.page.select("[data-rule]")[-1]["data-rule"])
    for desk, text in ((theirs, "Theirs"), (mine, "Mine")):
        await desk.press(f"open:{which}")
        answer = await desk.press("save", name=text)
    assert 422 == answer.status
    assert 303 == (await mine.press("save", **{f"clash-{which}": choice})).status
    assert name == (await mine.stored())[-1].name


async def test_times_are_those_of_the_employees_clock(browser: Browser, office: Office) -> None:
    at(office, datetime(2026, 7, 1, 12, tzinfo=UTC))
    desk = await editor(browser, office, 105)
    await desk.press("add:out")
    assert ["2026-07-01T13:00"] == desk.typed["since"]
    assert 303 == (await desk.press("save", until="2026-10-25T01:30")).status
    until = (await desk.stored())[-1].when.until
    # The clock shows 01:30 twice that night: the first is meant, while it is still summer.
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == until


async def test_a_rule_for_what_comes_of_ringing(browser: Browser, office: Office) -> None:
    desk = await editor(browser, office, 105)
    await desk.press("add:no-answer")
    assert 303 == (await desk.press("save", no_answer_seconds=15, notice="nothing")).status
    rule = (await desk.stored())[-1]
    assert MissedNotice.NOTHING == rule.notice
    assert (frozenset(Situation), 15) == (rule.when.situations, rule.when.no_answer_seconds)
    assert Voicemail() == rule.then

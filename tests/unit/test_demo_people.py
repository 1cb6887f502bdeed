"""The demo office in the database: once, and with every kind of rule."""

from ari_app.domain.checks import rules_gone_wrong
from ari_app.domain.directory import Situation, Status
from ari_app.domain.rights import PRESETS
from ari_app.domain.routing import unfold
from ari_app.domain.steps import Ring, TakeMessage
from ari_app.store.accounts import account
from demo.configuration import REPOSITORY
from demo.office import seed
from tests.unit.office import Sessions, loaded, person, seeded
from tests.unit.people import ANONYMOUS, INSIDER, MONDAY_NOON, OUTSIDER, call, rung


async def test_a_second_seeding_changes_nothing(sessions: Sessions) -> None:
    before = await seeded(sessions)
    async with sessions.begin() as session:
        await seed(session)
    assert await loaded(sessions) == before


async def test_every_status_and_every_kind_of_rule_is_shown(sessions: Sessions) -> None:
    office = await seeded(sessions)
    people = office.employees.values()
    rules = [rule for each in people for rule in each.rules]
    kinds = {type(then).__name__ for rule in rules for then in (rule.then, rule.otherwise) if then}
    assert set(Status) == {each.declared.base for each in people}
    assert set(Situation) == {one for rule in rules for one in rule.when.situations}
    assert kinds == {
        "OwnPhones",
        "Colleague",
        "Colleagues",
        "OutsideNumbers",
        "Voicemail",
        "SayGoodbye",
    }


async def test_there_is_a_login_for_every_role_and_the_readme_names_it(sessions: Sessions) -> None:
    office = await seeded(sessions)
    async with sessions() as session:
        people = [await account(session, who) for who in office.employees]
    assert {one.role.preset for one in people} == {role.preset for role in PRESETS}
    readme = (REPOSITORY / "README.md").read_text()
    for one in people:
        assert f"| `{one.login}` | {one.role.name_en} |" in readme


async def test_no_rule_of_the_demo_office_is_wrong(sessions: Sessions) -> None:
    assert rules_gone_wrong(await seeded(sessions), MONDAY_NOON) == ()


async def test_a_call_to_boris_on_a_break_reaches_anna_and_then_a_message(
    sessions: Sessions,
) -> None:
    office = await seeded(sessions)
    assert person(office, 102).declared.base is Status.BREAK
    _, ring, message = (plan.step for plan in unfold(call(102), office, MONDAY_NOON))
    assert isinstance(message, TakeMessage)
    assert rung(ring) == ["101"]


async def test_james_is_reached_on_his_mobile_or_through_colleagues(sessions: Sessions) -> None:
    office = await seeded(sessions)
    first = {
        caller: unfold(call(106, caller=caller), office, MONDAY_NOON)[0].step
        for caller in (OUTSIDER, INSIDER, ANONYMOUS)
    }
    assert rung(first[OUTSIDER]) == ["+79165550106"]
    assert rung(first[INSIDER]) == ["101", "105", "+79165550105"]
    assert not isinstance(first[ANONYMOUS], Ring)

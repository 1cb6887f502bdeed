"""What the doctor says of rules: those that cannot work, and those that nothing comes to."""

from ari_app.doctor import examine_rules
from ari_app.domain.directory import Colleague, ForwardingRule, Status, Voicemail
from ari_app.domain.numbers import EmployeeId
from ari_app.explain import Storyteller, names_in
from tests.unit.people import MONDAY_NOON, directory, employee, rule


def seen(*rules: ForwardingRule) -> list[tuple[bool, bool, str]]:
    office = directory(employee(101, Status.ONLINE, *rules))
    storyteller = Storyteller("en", names_in(office))
    found = examine_rules(office, MONDAY_NOON, storyteller)
    return [(each.is_well, each.is_warning, each.seen) for each in found]


def test_rules_that_work_are_well() -> None:
    assert seen(rule(1, Voicemail())) == [(True, False, "")]


def test_rules_that_cannot_work_or_that_nothing_comes_to_are_warnings() -> None:
    gone = rule(2, Colleague(EmployeeId(199)))
    assert seen(rule(1, Voicemail(), name="All"), gone) == [
        (False, True, f"Employee 101, rule “rule 2”: {why}")
        for why in (
            "it names a colleague who is gone",
            "no call comes to it, because of what stands above it: “All”",
        )
    ]

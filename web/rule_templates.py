"""Rules to begin with: what people want most often, made of what is on the card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ari_app.domain.directory import (
    Colleague,
    ForwardingRule,
    OutsideNumbers,
    Situation,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, OutsideNumber, RuleId
from web.words import N_, Words

_AWAY = "autosecretary/away"
_OUT_OF_OFFICE = "autosecretary/out-of-office"
_RINGS_SECONDS = 20
_BACK_AT = time(9)
NOBODY = EmployeeId(0)
"""A colleague who is still to be chosen."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a template may use of the card."""

    mobile: OutsideNumber | None
    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, slots=True)
class Template:
    """One of them: its key in forms, an icon, what it is called, and what it does."""

    key: str
    icon: str
    name: str
    hint: str
    make: Callable[[RuleId, str, Given], ForwardingRule]


def _mobile(new: RuleId, name: str, given: Given) -> ForwardingRule:
    numbers = () if given.mobile is None else (given.mobile,)
    then = OutsideNumbers(numbers, seconds=25, confirm=True)
    return ForwardingRule(new, name, When(), then, Voicemail())


def _deputy(new: RuleId, name: str, _: Given) -> ForwardingRule:
    return ForwardingRule(new, name, When(), Colleague(NOBODY), Voicemail(), _AWAY)


def _out_of_office(new: RuleId, name: str, given: Given) -> ForwardingRule:
    """Until tomorrow morning, to begin with."""
    tomorrow = given.now.astimezone(given.zone).date() + timedelta(days=1)
    until = datetime.combine(tomorrow, _BACK_AT, given.zone)
    return ForwardingRule(
        new, name, When(since=given.now, until=until), Voicemail(), greeting=_OUT_OF_OFFICE
    )


def _no_answer(new: RuleId, name: str, _: Given) -> ForwardingRule:
    situations = frozenset(Situation)
    when = When(frozenset(), situations, no_answer_seconds=_RINGS_SECONDS)
    return ForwardingRule(new, name, when, Voicemail())


def _empty(new: RuleId, name: str, _: Given) -> ForwardingRule:
    return ForwardingRule(new, name, When(), Voicemail())


TEMPLATES: Mapping[str, Template] = {
    one.key: one
    for one in (
        Template(
            "mobile",
            icon="device-mobile",
            name=N_("Forward to my mobile"),
            hint=N_("While I am away, after pressing 1; else voicemail"),
            make=_mobile,
        ),
        Template(
            "deputy",
            icon="user-share",
            name=N_("Deputy, then voicemail"),
            hint=N_("A greeting, then a colleague, then voicemail"),
            make=_deputy,
        ),
        Template(
            "out",
            icon="plane-departure",
            name=N_("Out of office until …"),
            hint=N_("A greeting and voicemail, for some days"),
            make=_out_of_office,
        ),
        Template(
            "no-answer",
            icon="microphone",
            name=N_("Voicemail when nobody answers"),
            hint=N_("Also when I am busy or not reachable"),
            make=_no_answer,
        ),
        Template(
            "empty",
            icon="plus",
            name=N_("Another rule"),
            hint=N_("Begin with an empty one"),
            make=_empty,
        ),
    )
}


def rule_from(key: str, new: RuleId, words: Words, given: Given) -> ForwardingRule | None:
    """The rule that a template makes, named in the reader's language; None for no such one."""
    template = TEMPLATES.get(key)
    if template is None:
        return None
    return template.make(new, words.say(template.name).rstrip(" …"), given)

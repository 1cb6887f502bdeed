"""A forwarding rule as a sentence: when it applies, and where the call goes then."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from typing import assert_never

from babel.dates import format_date, get_day_names

from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    DayKind,
    Destination,
    Farewell,
    ForwardingRule,
    Hours,
    MissedNotice,
    OutsideNumbers,
    OwnPhones,
    OwnStatus,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    StatusChoice,
    Voicemail,
    When,
)
from ari_app.domain.numbers import EmployeeId, OwnStatusId
from web.people_words import ORDERS, number_shown, teller
from web.words import N_, Words

SITUATIONS: Mapping[Situation, str] = {
    Situation.NO_ANSWER: N_("nobody answers"),
    Situation.BUSY: N_("the phones are busy"),
    Situation.UNREACHABLE: N_("no phone is reachable"),
}
CALLERS: Mapping[CallerKind, str] = {
    CallerKind.INSIDE: N_("a colleague calls"),
    CallerKind.OUTSIDE: N_("somebody from outside calls"),
    CallerKind.ANONYMOUS: N_("the number is withheld"),
}
DAYS: Mapping[DayKind, str] = {
    DayKind.ANY: "",
    DayKind.WORKING: N_("on working days"),
    DayKind.FREE: N_("on days off"),
}
FAREWELLS: Mapping[Farewell, str] = {
    Farewell.BUSY: N_("say that the line is busy, and hang up"),
    Farewell.UNAVAILABLE: N_("say that nobody can be reached, and hang up"),
    Farewell.NORMAL: N_("say goodbye, and hang up"),
}
DESTINATIONS: Mapping[str, str] = {
    "own_phones": N_("my own phones"),
    "colleague": N_("a colleague, with their own rules"),
    "colleagues": N_("several colleagues, by ringing them"),
    "outside_numbers": N_("a number outside"),
    "voicemail": N_("voicemail"),
    "say_goodbye": N_("a sentence, and the end"),
}
"""What a form offers, by what documents call it."""
NOTICES: Mapping[MissedNotice, str] = {
    MissedNotice.AS_SET: N_("as set in “My account”"),
    MissedNotice.LETTER: N_("always"),
    MissedNotice.NOTHING: N_("never"),
}
"""What a form offers."""
_NOTICES: Mapping[MissedNotice, str] = {
    MissedNotice.LETTER: N_("A letter tells of the missed call."),
    MissedNotice.NOTHING: N_("No letter tells of the missed call."),
}
_MIDNIGHT = time(0)
_TO_BE_CHOSEN = "…"


@dataclass(frozen=True, slots=True)
class RuleTold:
    """A rule in words; `when` are conditions that must all hold, `otherwise` may be ""."""

    name: str
    when: tuple[str, ...]
    greeting: str
    then: str
    otherwise: str
    is_on: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Tells rules to one reader; `people` are the names of those whom they lead to.

    `sounds` are the names of greetings by what Asterisk calls them.
    """

    words: Words
    people: Mapping[EmployeeId, str]
    own: Mapping[OwnStatusId, OwnStatus]
    sounds: Mapping[str, str] = field(default_factory=dict)

    def rule(self, rule: ForwardingRule) -> RuleTold:
        """All of a rule."""
        # A forwarding holds under every status: naming each would only hide that.
        limits = replace(rule.when, statuses=frozenset()) if rule.is_temporary else rule.when
        when = self.when(limits)
        greeting = self._greeting(rule.greeting)
        then = self.destination(rule.then)
        otherwise = "" if rule.otherwise is None else self.destination(rule.otherwise)
        sentence = self._sentence(when, greeting, then, otherwise)
        if rule.notice is not MissedNotice.AS_SET:
            sentence = f"{sentence} {self.words.say(_NOTICES[rule.notice])}"
        return RuleTold(rule.name, when, greeting, then, otherwise, rule.is_on, sentence)

    def when(self, when: When) -> tuple[str, ...]:
        """The conditions; those that do not limit are left out."""
        parts = [
            self._trigger(when),
            self._callers(when),
            self._numbers(when.numbers),
            self._either([self.hours(hours) for hours in when.hours]),
            self._period(when),
        ]
        return tuple(part for part in parts if part)

    def destination(self, destination: Destination) -> str:
        """What is done with the call."""
        say = self.words.say
        match destination:
            case OwnPhones(order, seconds):
                return self._timed(say(N_("ring the own phones")), 2, order, seconds)
            case Colleague(employee):
                return say(N_("pass the call to {name}"), name=self._name(employee))
            case Colleagues(employees, order, seconds):
                names = self.words.listed([self._name(employee) for employee in employees])
                deed = say(N_("ring {names}"), names=names)
                return self._timed(deed, len(employees), order, seconds)
            case OutsideNumbers(numbers, order, seconds, confirm):
                told = self.words.listed([_unbroken(number.e164) for number in numbers])
                told = told or _TO_BE_CHOSEN
                deed = say(N_("ring {numbers}"), numbers=told)
                ring = self._timed(deed, len(numbers), order, seconds)
                key = say(N_("who answers presses 1")) if confirm else ""
                return ", ".join(part for part in (ring, key) if part)
            case Voicemail():
                return say(N_("take a message"))
            case SayGoodbye(farewell):
                return say(FAREWELLS[farewell])
        assert_never(destination)

    def hours(self, hours: Hours) -> str:
        """Hours of some days."""
        is_whole = hours.start == hours.end == _MIDNIGHT
        ends = {"start": f"{hours.start:%H:%M}", "end": f"{hours.end:%H:%M}"}
        clock = "" if is_whole else self.words.say(N_("from {start} to {end}"), **ends)
        days = [self._weekdays(hours.weekdays), self.words.say(DAYS[hours.day_kind])]
        if hours.on is not None:
            day = format_date(hours.on, "medium", locale=self.words.locale)
            days.append(self.words.say(N_("on {day}"), day=day))
        return " ".join(part for part in (clock, *days) if part)

    def _sentence(self, when: tuple[str, ...], greeting: str, then: str, otherwise: str) -> str:
        deeds = ", ".join(part for part in (greeting, then) if part)
        text = N_("When {when}: {then}.") if when else N_("Always: {then}.")
        told = self.words.say(text, when=", ".join(when), then=deeds)
        if not otherwise:
            return told
        rest = self.words.say(N_("If nobody takes the call: {then}."), then=otherwise)
        return f"{told} {rest}"

    def _trigger(self, when: When) -> str:
        found = []
        if when.statuses:
            names = [self._status(choice) for choice in self._in_order(when)]
            found.append(self.words.say(N_("the status is {status}"), status=self._either(names)))
        found += [
            self._situation(situation, when.no_answer_seconds)
            for situation in Situation
            if situation in when.situations
        ]
        return self._either(found)

    def _situation(self, situation: Situation, seconds: int) -> str:
        if situation is Situation.NO_ANSWER and seconds:
            return self.words.say(N_("nobody answers for {seconds} s"), seconds=seconds)
        return self.words.say(SITUATIONS[situation])

    def _callers(self, when: When) -> str:
        if when.callers == frozenset(CallerKind):
            return ""
        kinds = [self.words.say(CALLERS[kind]) for kind in CallerKind if kind in when.callers]
        return self._either(kinds)

    def _numbers(self, masks: tuple[str, ...]) -> str:
        if not masks:
            return ""
        told = self._either([self._mask(mask) for mask in masks])
        return self.words.say(N_("the caller's number {mask}"), mask=told)

    def _mask(self, mask: str) -> str:
        if mask.endswith("*") and "?" not in mask:
            return self.words.say(N_("begins with {digits}"), digits=mask[:-1])
        if "?" in mask or "*" in mask:
            return self.words.say(N_("looks like {digits}"), digits=mask)
        return self.words.say(N_("is {digits}"), digits=_unbroken(mask))

    def _period(self, when: When) -> str:
        parts = []
        if when.since is not None:
            parts.append(self.words.say(N_("from {moment}"), moment=self.words.moment(when.since)))
        if when.until is not None:
            moment = self.words.moment(when.until)
            parts.append(self.words.say(N_("until {moment}"), moment=moment))
        return " ".join(parts)

    def _weekdays(self, days: frozenset[int]) -> str:
        names = get_day_names("abbreviated", locale=self.words.locale)
        ordered = sorted(days & names.keys())
        is_row = len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1
        if is_row:
            return f"{names[ordered[0]]}–{names[ordered[-1]]}"
        return ", ".join(names[day] for day in ordered)

    def _timed(self, deed: str, how_many: int, order: RingOrder, seconds: int) -> str:
        """One alone is rung in no order."""
        told = f"{deed} ({self.words.say(ORDERS[order])})" if how_many > 1 else deed
        if not seconds:
            return told
        text = N_("{deed} for {seconds} s")
        return self.words.say(text, deed=told, seconds=seconds)

    def _greeting(self, sound: str | None) -> str:
        if sound is None:
            return ""
        name = self.sounds.get(sound, sound)
        return self.words.say(N_("play the greeting “{sound}”"), sound=name)

    def _either(self, parts: list[str]) -> str:
        return self.words.say(N_(" or ")).join(part for part in parts if part)

    def _in_order(self, when: When) -> list[StatusChoice]:
        plain: list[StatusChoice] = [status for status in Status if status in when.statuses]
        own = sorted(choice for choice in when.statuses if not isinstance(choice, Status))
        return [*plain, *own]

    def _status(self, choice: StatusChoice) -> str:
        detail = choice.value if isinstance(choice, Status) else f"own-{choice}"
        name = teller(self.words, self.own).status(detail)
        return self.words.say(N_("“{status}”"), status=name)

    def _name(self, employee: EmployeeId) -> str:
        if not employee:
            return _TO_BE_CHOSEN
        return self.people.get(employee) or self.words.say(N_("somebody who has left"))


def _unbroken(number: str) -> str:
    """A number that stays on one line."""
    return number_shown(number).replace(" ", "\u00a0")

"""The way of a supposed call, step by step in the reader's words, as far as they may see it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from ari_app.domain.calls import Outcome
from ari_app.domain.directory import Directory, Employee
from ari_app.domain.numbers import EmployeeId
from ari_app.domain.reached import People, Place, named_by
from ari_app.domain.steps import (
    Cause,
    HangUp,
    Leg,
    OutsideLeg,
    Plan,
    Play,
    Reason,
    Ring,
    TakeMessage,
)
from ari_app.domain.what_if import deed
from ari_app.explain import Storyteller
from web.people_words import number_shown
from web.words import N_, Words

_WHOSE = re.compile(r"[0-9]+")
_BY_RULE = re.compile(r"[0-9]+r-?[0-9]+[to]")
_SAID: Mapping[Cause, str] = {
    Cause.NORMAL: N_("Says goodbye"),
    Cause.BUSY: N_("Says that the line is busy"),
    Cause.UNAVAILABLE: N_("Says that nobody can be reached"),
    Cause.UNREACHABLE: N_("Says that nobody can be reached"),
    Cause.UNALLOCATED: N_("Says that there is no such number"),
}
_RUNG: Mapping[Place, tuple[str, str]] = {
    Place.OWN_PHONES: ("bell-ringing", "green"),
    Place.COLLEAGUE: ("bell-ringing", "teal"),
    Place.OUTSIDE: ("device-mobile", "purple"),
}
"""Icon and tone. For the bundle: icon("bell-ringing") icon("device-mobile") icon("volume")
icon("message") icon("phone-off") icon("phone-x") icon("phone-incoming") icon("eye-off")."""


@dataclass(frozen=True, slots=True)
class Box:
    """One step as it is told and drawn; `because` led to it, `came_to` leads on from it.

    `brief` fits into a list, the tone is a class of calls.css, and `mark` says how the step differs
    from the other way beside it.
    """

    icon: str
    tone: str
    title: str
    lines: tuple[str, ...] = ()
    seconds: str = ""
    brief: str = ""
    came_to: str = ""
    because: tuple[str, ...] = ()
    mark: str = ""
    deed: tuple[object, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class WayWords:
    """Tells ways to one reader. `seen` are those whose rules they may see; `sounds` have names."""

    words: Words
    directory: Directory
    teller: Storyteller
    seen: Collection[EmployeeId]
    sounds: Mapping[str, str]

    def where(self, directory: Directory, employee: Employee) -> "WayWords":
        """The same for an office in which somebody has other rules."""
        names = self.teller.names
        rules = {**names.rules, **{rule.id: rule.name for rule in employee.rules}}
        teller = replace(self.teller, names=replace(names, rules=rules))
        return replace(self, directory=directory, teller=teller)

    def boxes(
        self, called: EmployeeId, plans: Sequence[Plan], outcomes: Sequence[Outcome | None]
    ) -> list[Box]:
        """Every step; `outcomes` are what each came to. Hidden ones become one box."""
        people = People(self.directory, self.directory.employees[called])
        named = {called}
        found: list[Box] = []
        for plan, outcome in zip(plans, outcomes, strict=True):
            people.meet(plan.because)
            named |= self._named(plan.because)
            if self._is_hidden(plan):
                box = self._hidden(plan, named)
                if found and found[-1].deed == box.deed:
                    continue
                found.append(box)
            else:
                found.append(replace(self._box(plan, people), came_to=self._came_to(outcome)))
        return found

    def told(self, box: Box) -> str:
        """A box as a sentence, without its reasons."""
        details = ", ".join(part for part in (*box.lines, box.seconds) if part)
        came_to = f" → {box.came_to}" if box.came_to else ""
        return f"{box.title}{f' ({details})' if details else ''}{came_to}"

    def name(self, employee: EmployeeId) -> str:
        """What somebody is called."""
        return self.teller.names.employees.get(employee, f"№ {employee}")

    def _named(self, because: Sequence[Reason]) -> set[EmployeeId]:
        """Whom rules name that the reader may see."""
        return {
            whom
            for reason in because
            if reason.rule is not None
            and reason.employee is not None
            and reason.employee in self.seen
            for whom in named_by(self.directory, reason.employee, reason.rule)
        }

    def _is_hidden(self, plan: Plan) -> bool:
        whose = _WHOSE.match(plan.step.key)
        return whose is not None and EmployeeId(int(whose[0])) not in self.seen

    def _hidden(self, plan: Plan, named: Collection[EmployeeId]) -> Box:
        """What somebody's secretary does whose rules the reader may not see."""
        whose = _WHOSE.match(plan.step.key)
        owner = EmployeeId(int(whose[0])) if whose else EmployeeId(0)
        say = self.words.say
        title = self.name(owner) if owner in named else say(N_("A colleague"))
        line = say(N_("goes on by rules that you may not see"))
        return Box("eye-off", "grey", title, (line,), deed=("hidden", owner))

    def _box(self, plan: Plan, people: People) -> Box:
        because = tuple(
            self.teller.reason(reason)
            for reason in plan.because
            if reason.employee is None or reason.employee in self.seen
        )
        made = self._step(plan, people)
        return replace(made, because=because, deed=deed(plan.step))

    def _step(self, plan: Plan, people: People) -> Box:
        say = self.words.say
        match plan.step:
            case Ring() as ring:
                return self._ring(ring, people)
            case Play(sound=sound):
                title = say(N_("Greeting “{name}”"), name=self._sound(sound))
                return Box("volume", "azure", title, brief=say(N_("greeting")))
            case TakeMessage(mailbox=mailbox, sound=sound):
                owner = self.directory.extensions.get(mailbox)
                who = mailbox if owner is None else self.name(owner)
                line = say(N_("after “{name}”"), name=self._sound(sound))
                title = say(N_("Voicemail of {who}"), who=who)
                return Box("message", "blue", title, (line,), brief=say(N_("voicemail")))
            case HangUp(key=key, cause=cause):
                is_meant = _BY_RULE.fullmatch(key) is not None
                if is_meant:
                    return Box("phone-off", "grey", say(_SAID[cause]), (say(N_("and hangs up")),))
                line = say(N_("{told} and hangs up"), told=say(_SAID[cause]))
                return Box("phone-x", "red", say(N_("Nobody takes the call")), (line,))

    def _ring(self, ring: Ring, people: People) -> Box:
        owners = list(dict.fromkeys(people.owner(leg.address) for leg in ring.legs))
        names = [self.name(owner) for owner in owners if owner is not None]
        phones = dict.fromkeys(self._leg(leg, people) for leg in ring.legs)
        lines = [self.words.listed(list(phones))]
        if not names:
            names, lines = lines, [self.words.say(N_("outside"))]
        if any(isinstance(leg, OutsideLeg) and leg.confirm for leg in ring.legs):
            lines.append(self.words.say(N_("who answers presses 1")))
        icon, tone = _RUNG[people.rung(ring).place]
        seconds = self.words.say(N_("{seconds} s"), seconds=ring.seconds)
        return Box(icon, tone, self.words.listed(names), tuple(lines), seconds)

    def _leg(self, leg: Leg, people: People) -> str:
        """A phone; the number of somebody whose card the reader may not look into is left out."""
        owner = people.owner(leg.address)
        if isinstance(leg, OutsideLeg):
            may_see = owner is None or owner in self.seen
            return number_shown(leg.address) if may_see else self.words.say(N_("a number outside"))
        return self.words.say(N_("phone {name}"), name=leg.address)

    def _sound(self, sound: str) -> str:
        return self.sounds.get(sound) or self.words.say(N_("own greeting"))

    def _came_to(self, outcome: Outcome | None) -> str:
        is_ring = outcome not in (None, Outcome.DONE)
        return self.teller.outcome(outcome.value) if outcome is not None and is_ring else ""


def beside(
    saved: list[Box], other: list[Box], marks: tuple[str, str]
) -> tuple[list[Box], list[Box]]:
    """Two ways with marks on the steps that only one of them has."""
    found = SequenceMatcher(None, [b.deed for b in saved], [b.deed for b in other], autojunk=False)
    left, right = list(saved), list(other)
    for kind, i1, i2, j1, j2 in found.get_opcodes():
        if kind != "equal":
            left[i1:i2] = [replace(box, mark=marks[0]) for box in left[i1:i2]]
            right[j1:j2] = [replace(box, mark=marks[1]) for box in right[j1:j2]]
    return left, right

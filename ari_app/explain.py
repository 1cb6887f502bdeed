"""Facts, steps and outcomes in words that a manager understands, in Russian and English."""

import gettext
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ari_app.advice_words import advice_words
from ari_app.domain.advice import Advice
from ari_app.domain.checks import Problem, Refusal
from ari_app.domain.directory import Declared, Directory, OwnStatus
from ari_app.domain.numbers import EmployeeId, OwnStatusId, RuleId
from ari_app.domain.routing import status_detail
from ari_app.domain.steps import Fact, HangUp, Plan, Play, Reason, Ring, Step, TakeMessage

LANGUAGES = ("en", "ru")


def N_(text: str) -> str:  # noqa: N802  the name that gettext's tools look for
    """Mark `text` for translation where it is looked up later."""
    return text


_FACTS: Mapping[Fact, str] = {
    Fact.READY: N_("{who} is ready: {status}"),
    Fact.NOT_READY: N_("{who} is not ready: {status}"),
    Fact.STATUS_NOT_COUNTED: N_("the card of {who} leaves the status out of account"),
    Fact.STATUS_RINGS_ANYWAY: N_("{who}: {status}, and no rule for that, so direct calls ring"),
    Fact.RULE_BY_STATUS: N_("{who}: {status}, so the rule “{rule}” applies"),
    Fact.RULE_BY_SITUATION: N_("{who}: {situation}, so the rule “{rule}” applies"),
    Fact.OTHERWISE: N_("{outcome}, so the rule “{rule}” goes on to its “otherwise”"),
    Fact.UNANSWERED: N_("{who} did not take the call: {outcome}"),
    Fact.COLLEAGUE_NOT_READY: N_("{who} is left out: {status}"),
    Fact.COLLEAGUE_GONE: N_("the rule “{rule}” of {who} names a colleague who is gone"),
    Fact.CIRCLE: N_("{who} was asked already"),
    Fact.RUNG_ALREADY: N_("these phones have been rung already"),
    Fact.NO_PHONE: N_("{who} has no phone"),
    Fact.MAY_NOT_DIAL: N_("{who} may not dial numbers of this kind: {class}"),
    Fact.NO_TRUNK: N_("there is no trunk for {detail}"),
    Fact.OWN_NUMBER: N_("{detail} is a colleague's own number, so the call stays inside"),
    Fact.LIMIT: N_("the limit of {limit} has been reached"),
    Fact.VOICEMAIL: N_("nobody took the call, and {who} has voicemail"),
    Fact.NO_VOICEMAIL: N_("nobody took the call, and {who} has no voicemail"),
    Fact.UNKNOWN_EXTENSION: N_("nobody has this extension"),
    Fact.SERVICE_AWAY: N_("the service was away, and there was no stored plan"),
}
_STATUSES = {
    "online": N_("Online"),
    "do_not_disturb": N_("Do not disturb"),
    "break": N_("Break"),
    "outbound_calls": N_("Outbound calls"),
    "all_calls": N_("All calls"),
    "offline": N_("Offline"),
}
_SITUATIONS = {
    "no_answer": N_("no answer"),
    "busy": N_("busy"),
    "unreachable": N_("not reachable"),
}
_OUTCOMES = {
    **_SITUATIONS,
    "answered": N_("answered"),
    "refused": N_("declined"),
    "failed": N_("the network could not connect it"),
    "done": N_("done"),
}
_CLASSES = {
    "inside": N_("inside"),
    "local": N_("local"),
    "national": N_("national"),
    "mobile": N_("mobile"),
    "international": N_("international"),
}
_LIMITS = {
    "steps": N_("steps"),
    "hops": N_("colleagues in a chain"),
    "ringing": N_("ringing time"),
}
_ENDS = {
    "answered": N_("answered"),
    "message": N_("left a message"),
    "not_taken": N_("nobody took the call"),
    "abandoned": N_("the caller hung up"),
    "lost": N_("lost: Asterisk stopped during the call"),
}
_PROBLEMS: Mapping[Problem, str] = {
    Problem.BAD_NAME: N_("it needs a name of at most 100 characters"),
    Problem.NO_TRIGGER: N_("it names neither a status nor a situation"),
    Problem.NO_CALLERS: N_("it is for no callers"),
    Problem.BAD_MASK: N_("{detail} is not a number mask: digits, +, ? and * at the end"),
    Problem.BAD_GREETING: N_("{detail} is not the name of a sound"),
    Problem.BAD_SECONDS: N_("{detail} s is not between 0 and 120"),
    Problem.NO_SUCH_STATUS: N_("its status does not exist"),
    Problem.PERIOD_BACKWARDS: N_("its period ends before it begins"),
    Problem.PERIOD_PAST: N_("its period is over"),
    Problem.HOURS_NEVER_HOLD: N_("its hours never come"),
    Problem.DATE_OUTSIDE_PERIOD: N_("{detail} is outside its period"),
    Problem.EMPTY_LIST: N_("it names nobody to ring"),
    Problem.NO_PHONES: N_("the card has no phones"),
    Problem.MYSELF: N_("it leads to its own owner"),
    Problem.COLLEAGUE_GONE: N_("it names a colleague who is gone"),
    Problem.MAY_NOT_DIAL: N_("numbers of this kind may not be dialled: {detail}"),
    Problem.CIRCLE: N_("it leads in a circle: {people}"),
}
_CAUSES = {
    "normal": N_("normal end"),
    "busy": N_("busy"),
    "unavailable": N_("unavailable"),
    "unreachable": N_("not reachable"),
    "unallocated": N_("no such number"),
}


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of `language`; English is what the code says itself."""
    source = files("ari_app") / "locale" / language / "LC_MESSAGES" / "autosecretary.po"
    if not source.is_file():
        return gettext.NullTranslations()
    with source.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Names:
    """What people, rules and own statuses are called, also those that are gone by now."""

    employees: Mapping[EmployeeId, str]
    rules: Mapping[RuleId, str]
    own_statuses: Mapping[OwnStatusId, OwnStatus]


def names_in(directory: Directory) -> Names:
    """The names that a directory knows."""
    people = directory.employees.values()
    return Names(
        {person.id: person.name for person in people},
        {rule.id: rule.name for person in people for rule in person.rules},
        directory.own_statuses,
    )


@dataclass(frozen=True, slots=True)
class Storyteller:
    """Tells plans and outcomes in one language."""

    language: str
    names: Names

    def say(self, text: str) -> str:
        return translations(self.language).gettext(text) if text else ""

    def reason(self, reason: Reason) -> str:
        """One fact as half a sentence."""
        return self.say(_FACTS[reason.fact]).format_map(
            {
                "who": self.employee(reason.employee),
                "rule": self._rule(reason.rule),
                "status": self.status(reason.detail),
                "situation": self._word(_SITUATIONS, reason.detail),
                "outcome": self.outcome(reason.detail),
                "class": self._word(_CLASSES, reason.detail),
                "limit": self._word(_LIMITS, reason.detail),
                "detail": reason.detail,
            }
        )

    def reasons(self, because: tuple[Reason, ...]) -> str:
        """Several facts as one line."""
        return "; ".join(self.reason(reason) for reason in because)

    def plan(self, plan: Plan) -> str:
        """What a planned step does."""
        return self.step(*_told(plan.step))

    def step(self, kind: str, addresses: tuple[str, ...], seconds: int, target: str) -> str:
        """What a step does, from the words that the journal keeps of it."""
        match kind:
            case "ring":
                return self.say(N_("ring {phones} for {seconds} s")).format(
                    phones=", ".join(addresses), seconds=seconds
                )
            case "play":
                return self.say(N_("play the greeting {sound}")).format(sound=target)
            case "message":
                return self.say(N_("take a message for {mailbox}")).format(mailbox=target)
            case _:
                cause = self._word(_CAUSES, target)
                return self.say(N_("hang up: {cause}")).format(cause=cause)

    def status(self, detail: str) -> str:
        """A status, by its value or as ``own-`` and a number."""
        if not detail.startswith("own-"):
            return self._word(_STATUSES, detail)
        digits = detail.removeprefix("own-")
        own = self.names.own_statuses.get(OwnStatusId(int(digits) if digits.isdigit() else 0))
        if own is None:
            return detail
        return own.name_ru if self.language == "ru" else own.name_en

    def declared(self, declared: Declared, zone: ZoneInfo) -> str:
        """A declared status, with its end in `zone` where it has one."""
        told = self.status(status_detail(declared))
        if declared.until is None:
            return told
        until = f"{declared.until.astimezone(zone):%d.%m %H:%M}"
        return self.say(N_("{status} until {moment}")).format(status=told, moment=until)

    def why_refused(self, refusal: Refusal) -> str:
        """Why a rule cannot work."""
        people = " → ".join(self.employee(person) for person in refusal.people)
        return self.say(_PROBLEMS[refusal.problem]).format(detail=refusal.detail, people=people)

    def refusal(self, employee: EmployeeId, refusal: Refusal) -> str:
        """Why a rule cannot work, with whose it is."""
        why = self.why_refused(refusal)
        who = self.employee(employee)
        return self.say(N_("{who}, rule “{rule}”: {why}")).format(
            who=who, rule=refusal.rule, why=why
        )

    def advice(self, advice: Advice) -> str:
        """What is worth knowing of a rule, without its name, or of all rules together."""
        return advice_words(advice, self)

    def outcome(self, value: str) -> str:
        """How a step came out."""
        return self._word(_OUTCOMES, value)

    def end(self, value: str) -> str:
        """How a whole call ended."""
        return self._word(_ENDS, value)

    def _word(self, words: Mapping[str, str], value: str) -> str:
        return self.say(words[value]) if value in words else value

    def employee(self, employee: EmployeeId | None) -> str:
        """Somebody's name, or their number where nobody knows a name any more."""
        if employee is None:
            return ""
        return self.names.employees.get(employee, f"№ {employee}")

    def _rule(self, rule: RuleId | None) -> str:
        return "" if rule is None else self.names.rules.get(rule, f"№ {rule}")


def _told(step: Step) -> tuple[str, tuple[str, ...], int, str]:
    match step:
        case Ring():
            return "ring", tuple(leg.address for leg in step.legs), step.seconds, ""
        case Play():
            return "play", (), 0, step.sound
        case TakeMessage():
            return "message", (), 0, step.mailbox
        case HangUp():
            return "hangup", (), 0, step.cause.value

"""Advice on rules in words; `explain.Storyteller.advice` says them in the reader's language."""

from ari_app.domain.advice import Advice, AdviceKind
from ari_app.domain.long_ringing import TooLongFor
from ari_app.domain.never_reached import Why
from ari_app.domain.numbers import EmployeeId
from ari_app.gap_words import N_, Words, gap_words

_NEVER_REACHED = {
    Why.COVERED.value: N_("no call comes to it, because of what stands above it: {rules}"),
    Why.NO_SUCH_CALLER.value: N_("no call comes to it: no number of these callers fits its masks"),
    Why.STATUS_NOT_COUNTED.value: N_(
        "no call comes to it: it is for a status, and the card leaves the status out of account"
    ),
    Why.NO_PHONE.value: N_(
        "no call comes to it: it is for what comes of the own phones, and none can be rung"
    ),
}


_TOO_LONG = {
    TooLongFor.LIMIT.value: N_(
        "if nobody answers it rings for {seconds} s, and calls are rung for {most} s at most:"
        " whoever comes later is not rung"
    ),
    TooLongFor.NETWORK.value: N_(
        "if nobody answers it rings for {seconds} s, and mobile phones hang up after {most} s of"
        " ringing; a greeting before that keeps the caller"
    ),
}


def advice_words(advice: Advice, words: Words) -> str:
    """What there is to say of a rule, or of all of them, as half a sentence."""
    say = words.say
    match advice.kind:
        case AdviceKind.NEVER_REACHED:
            rules = ", ".join(say(N_("“{rule}”")).format(rule=rule) for rule in advice.by_names)
            return say(_NEVER_REACHED[advice.detail]).format(rules=rules)
        case AdviceKind.TOO_LONG:
            text = say(_TOO_LONG[advice.detail])
            return text.format(seconds=advice.seconds, most=advice.most)
        case AdviceKind.NOT_REGISTERED:
            who = ", ".join(words.employee(person) for person in advice.people)
            text = N_("{who}: no phone has been registered for this many days: {days}")
            return say(text).format(who=who, days=advice.detail)
        case AdviceKind.GAP:
            return "" if advice.gap is None else gap_words(advice.gap, advice.detail, words)


def with_owner(employee: EmployeeId, advice: Advice, words: Words) -> str:
    """What there is to say of a rule, with its name and whose it is."""
    text = words.say(N_("{who}, rule “{rule}”: {why}"))
    why = advice_words(advice, words)
    return text.format(who=words.employee(employee), rule=advice.rule, why=why)

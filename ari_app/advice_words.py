"""Advice on rules in words; `explain.Storyteller.advice` says them in the reader's language."""

from collections.abc import Callable

from ari_app.domain.advice import Advice, AdviceKind
from ari_app.domain.never_reached import Why

Say = Callable[[str], str]


def N_(text: str) -> str:  # noqa: N802  the name that gettext's tools look for
    """Mark `text` for translation where it is looked up later."""
    return text


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


def advice_words(advice: Advice, say: Say) -> str:
    """What there is to say of a rule, or of all of them, as half a sentence."""
    match advice.kind:
        case AdviceKind.NEVER_REACHED:
            rules = ", ".join(say(N_("“{rule}”")).format(rule=rule) for rule in advice.by_names)
            return say(_NEVER_REACHED[advice.detail]).format(rules=rules)

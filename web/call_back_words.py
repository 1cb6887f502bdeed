"""What became of calling back, in words that say what to do."""

from collections.abc import Mapping

from ari_app.domain.call_back import CallBackAnswer
from web.words import N_, Words

_TEXTS: Mapping[CallBackAnswer | None, str] = {
    CallBackAnswer.RINGING: N_("Your phone rings: pick it up, and {number} is called."),
    CallBackAnswer.TWICE: N_("Your phone rings already for {number}."),
    CallBackAnswer.NO_PHONE: N_("Your card has no SIP phone that could ring first."),
    CallBackAnswer.PHONE_AWAY: N_("Your phone is not registered: switch it on and try again."),
    CallBackAnswer.MYSELF: N_("{number} is your own number."),
    CallBackAnswer.NOBODY: N_("This number cannot be called: “{number}”."),
    CallBackAnswer.MAY_NOT_DIAL: N_("Your card does not allow calls to numbers like {number}."),
    CallBackAnswer.NO_TRUNK: N_("The office has no trunk to call {number} by."),
    CallBackAnswer.ASTERISK_AWAY: N_("Asterisk cannot be asked now: nothing was called."),
    None: N_("This panel runs without Asterisk, so it can call nobody."),
}


def is_good(answer: CallBackAnswer | None) -> bool:
    """Whether a phone rings."""
    return answer in {CallBackAnswer.RINGING, CallBackAnswer.TWICE}


def told(words: Words, answer: CallBackAnswer | None, number: str) -> str:
    """The answer as a sentence."""
    return words.say(_TEXTS[answer], number=number)

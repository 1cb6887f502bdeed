"""Letters about a call as they are shown: the text only to those whom it concerns."""

from dataclasses import dataclass

from ari_app.domain.rights import Right
from ari_app.store.call_letters import CallLetter
from web.mail_words import FAULTS, LETTER_STATES, LETTERS, fault_told
from web.visit import Visit


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter; `text` is empty for those who may not read it."""

    letter: CallLetter
    what: str
    state: tuple[str, str]
    why: str
    subject: str
    text: str


def letter_shown(visit: Visit, letter: CallLetter) -> LetterShown:
    """The letter for this reader."""
    may_read = letter.writer == visit.me or visit.may(Right.MANAGE_MAIL)
    fault = letter.fault
    return LetterShown(
        letter,
        LETTERS.get(letter.kind, letter.kind),
        LETTER_STATES[letter.state],
        fault_told(fault, visit.words) if fault in FAULTS else fault,
        letter.subject if may_read else "",
        letter.text if may_read else "",
    )

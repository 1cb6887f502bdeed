"""Greetings in words: what is wrong with a sound, and what a new one is called."""

import textwrap
from collections.abc import Mapping
from pathlib import PureWindowsPath

from ari_app.domain.greetings import LONGEST_SECONDS
from ari_app.sound.errors import Fault, SoundError
from ari_app.sound.limits import LONGEST_TEXT, MOST_BYTES
from ari_app.store.greetings import LONGEST_NAME
from web.forms import Refused
from web.words import N_

_FAULTS: Mapping[Fault, str] = {
    Fault.NOT_AUDIO: N_("This is not a sound file: wav, mp3, ogg, opus, webm, m4a, aac or flac"),
    Fault.BROKEN: N_("This sound file is damaged"),
    Fault.SILENT: N_("Nothing can be heard in this recording"),
    Fault.TOO_LARGE: N_("A sound file may have at most {megabytes} MB"),
    Fault.TOO_LONG: N_("A greeting may last {seconds} seconds at most"),
    Fault.BUSY: N_("This took too long: try again, or take a shorter one"),
    Fault.NOTHING_TO_SAY: N_("There is no word in this text"),
    Fault.LONG_TEXT: N_("At most {letters} characters"),
    Fault.NO_ENGINE: N_("No speech engine is installed for this language"),
    Fault.ENGINE_FAILED: N_("The speech engine could not say this: try other words"),
}
_LIMITS = {
    "megabytes": MOST_BYTES // 1024 // 1024,
    "seconds": LONGEST_SECONDS,
    "letters": LONGEST_TEXT,
}
_NAME_OF_TEXT = 40


def refusal(field: str, error: SoundError) -> Refused:
    """What to tell beside a field of the form."""
    return Refused(field, _FAULTS[error.fault], **_LIMITS)


def name_of_file(path: str) -> str:
    """What a file is called, without folders, ending, and signs that cannot be shown."""
    stem = PureWindowsPath(path).stem
    return "".join(sign for sign in stem if sign.isprintable()).strip()[:LONGEST_NAME]


def name_of_text(text: str) -> str:
    """Its first words."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return (
        textwrap.shorten(line, _NAME_OF_TEXT, placeholder="…")
        if " " in line
        else line[:_NAME_OF_TEXT]
    )

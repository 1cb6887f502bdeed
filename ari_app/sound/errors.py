"""What is wrong with a sound, or with having a text spoken.

Errors of this package::

    SoundError          `fault` says what is wrong
"""

from enum import Enum


class Fault(Enum):
    """Why there is no sound."""

    NOT_AUDIO = "not_audio"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    SILENT = "silent"
    BROKEN = "broken"
    BUSY = "busy"  # converting took too long
    NOTHING_TO_SAY = "nothing_to_say"
    LONG_TEXT = "long_text"
    NO_ENGINE = "no_engine"
    ENGINE_FAILED = "engine_failed"


class SoundError(Exception):
    """There is no sound; `detail` is for the log."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault.value} {detail}".strip())
        self.fault = fault
        self.detail = detail

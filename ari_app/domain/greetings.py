"""Greetings: the sentences that come with the product, and those that an office makes itself."""

from dataclasses import dataclass
from enum import Enum

FOLDER = "autosecretary-own"
"""The folder of Asterisk's sounds that the office's own greetings are put into."""
LONGEST_SECONDS = 120
LEAVE_MESSAGE = "autosecretary/leave-message"
"""What is said before a message where the card names nothing else."""


class Origin(Enum):
    """How a greeting came about; values are stored."""

    UPLOADED = "uploaded"
    MICROPHONE = "microphone"
    PHONE = "phone"
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class Sound:
    """A WAV file as Asterisk plays it best (8 kHz, mono, 16 bit); `fingerprint` is its SHA-256."""

    wav: bytes
    milliseconds: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A greeting that a rule or a card may name; built-in ones have no `id`."""

    sound: str
    name_ru: str
    name_en: str
    id: int | None = None


BUILT_IN = (
    Choice("autosecretary/away", "Меня нет на месте", "I am away"),
    Choice("autosecretary/on-break", "У меня перерыв", "I am on a break"),
    Choice("autosecretary/out-of-office", "Меня сегодня нет в офисе", "Out of office today"),
    Choice("autosecretary/please-hold", "Подождите, ищем сотрудника", "Hold, we find somebody"),
    Choice("autosecretary/closed", "Офис закрыт", "The office is closed now"),
    Choice("autosecretary/holiday", "Праздничный день", "Closed for a holiday"),
    Choice(LEAVE_MESSAGE, "Оставьте сообщение", "Leave a message"),
)
"""Recorded in each language of the phones; what they say stands in sentences.toml."""


def sound_of(greeting: int) -> str:
    """The name by which Asterisk plays one of the office's own greetings."""
    return f"{FOLDER}/{greeting}"

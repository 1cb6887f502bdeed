"""Numbers that can be called: extensions inside the office, endpoints, and numbers outside it."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import NewType

EmployeeId = NewType("EmployeeId", int)
RuleId = NewType("RuleId", int)
OwnStatusId = NewType("OwnStatusId", int)

Extension = NewType("Extension", str)
"""An inside number: 2 to 7 digits (the reference product's limits)."""

Endpoint = NewType("Endpoint", str)
"""The name of a SIP device as Asterisk knows it, for example ``101`` or ``anna-desk``."""

_EXTENSION = re.compile(r"[0-9]{2,7}")
_ENDPOINT = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_E164 = re.compile(r"\+[1-9][0-9]{5,14}")


class NumberClass(Enum):
    """What kind of number a call goes to; an employee's card says which ones may be dialled."""

    INSIDE = "inside"
    LOCAL = "local"
    NATIONAL = "national"
    MOBILE = "mobile"
    INTERNATIONAL = "international"


@dataclass(frozen=True, slots=True)
class OutsideNumber:
    """A number outside the office, in E.164 form (``+79161234567``), and its class."""

    e164: str
    number_class: NumberClass


def parse_extension(text: str) -> Extension | None:
    """The extension that `text` is, or None if it is not one."""
    return Extension(text) if _EXTENSION.fullmatch(text) and text.isascii() else None


def parse_endpoint(text: str) -> Endpoint | None:
    """The endpoint name that `text` is, or None: only names that are safe inside a dial string."""
    return Endpoint(text) if _ENDPOINT.fullmatch(text) and text.isascii() else None


def is_e164(text: str) -> bool:
    """Whether `text` is a number in E.164 form with its plus sign (ITU-T E.164: 15 digits)."""
    return _E164.fullmatch(text) is not None and text.isascii()

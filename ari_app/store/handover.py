"""What refers to somebody who leaves, and what can become of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.numbers import EmployeeId
from ari_app.store.rule_versions import Author


class Deed(Enum):
    """What is done about a reference."""

    HAND_OVER = "hand_over"
    REMOVE = "remove"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Reference:
    """One thing that refers to who leaves: its names in Russian and English, and whose it is.

    With `forbids` nobody can be deleted while it is there.
    """

    kind: str
    id: int
    names: tuple[str, str]
    whose: str = ""
    forbids: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What to do about each reference of a kind (by its id), who takes over, and who says so."""

    employee: EmployeeId
    successor: EmployeeId | None
    deeds: Mapping[int, Deed]
    now: datetime
    country: str = ""
    by: Author = field(default=Author(None, ""))


@dataclass(frozen=True, slots=True)
class Finder:
    """How one kind of reference is found, settled and brought back.

    `find` names what there is. `settle` carries out an order and returns, as JSON values, what
    `restore` needs to undo it; it raises HandOverError. `restore` returns what it left as it is,
    because it was changed since. Another part of the office that refers to employees adds a
    finder of its own to FINDERS.
    """

    kind: str
    deeds: tuple[Deed, ...]
    find: Callable[[AsyncSession, EmployeeId], Awaitable[Sequence[Reference]]]
    settle: Callable[[AsyncSession, Order], Awaitable[list[Any]]]
    restore: Callable[[AsyncSession, EmployeeId, list[Any]], Awaitable[Sequence[Reference]]]

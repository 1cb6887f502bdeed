"""One line of the API's table: what an operation takes, gives, and needs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from web.api.scopes import TokenScope
from web.forms import Form
from web.visit import Needed

V1 = "/api/v1"


@dataclass(frozen=True, slots=True)
class Raw:
    """A body that is no JSON: its content types."""

    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiRoute:
    """An operation: its handler is given the visit, and what was sent or asked for, read.

    `needed` is what it takes to come in at all, `scope` what a token has to be for (None: any).
    Of `query` and `body` the handler is given `query` first. `answer` is the type of what it
    returns; None: nothing is answered. `refuses` are statuses beside those that follow from the
    rest. With `in_parts` a part of the answer can be asked for (RFC 9110, section 14).
    """

    method: str
    path: str
    handler: Callable[..., Awaitable[object]]
    needed: Needed
    scope: TokenScope | None
    summary: str
    answer: Any = None
    body: type[Form] | Raw | None = None
    query: type[Form] | None = None
    status: HTTPStatus = HTTPStatus.OK
    refuses: tuple[HTTPStatus, ...] = ()
    in_parts: bool = False

    @property
    def section(self) -> str:
        """What the operation is about: the first part of its path."""
        return self.path.removeprefix(f"{V1}/").split("/", 1)[0]

    @property
    def changes(self) -> bool:
        return self.method != "GET"

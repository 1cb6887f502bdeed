"""What went wrong, as RFC 9457 problems in the asker's language."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from ari_app.store.errors import HandOverError, NotThereError, StoreError, TakenError
from web.card_version import Stale
from web.errors import problem, title_of
from web.forms import refused
from web.visit import Visit
from web.words import N_

_NOUNS: Mapping[str, frozenset[str]] = {
    "employees": frozenset({"employee", "account", "greeting", "forwarding"}),
    "office-greetings": frozenset({"greeting"}),
    "me": frozenset({"employee", "account"}),
    "departments": frozenset({"department"}),
    "groups": frozenset({"group", "employee"}),
    "own-statuses": frozenset({"own status"}),
    "roles": frozenset({"role"}),
    "import": frozenset({"import"}),
    "tokens": frozenset({"token"}),
    "devices": frozenset({"device"}),
    "removals": frozenset({"removal"}),
}
"""What an address names, by its first part: that not being there is 404."""
_FIELDS = {"department": "name_ru"}
"""What the store calls a field, as bodies call it."""
UNREADABLE = N_("The body is not JSON")
NOT_AN_OBJECT = N_("The body is not a JSON object")
WRONG_TYPE = N_("The body's content type is not one that is read here")
WRONG_FIELDS = N_("Some values are not right")
SCOPE = N_("The token was not made for this")


class ProblemError(Exception):
    """Answered as a problem; `title` is marked with N_, `errors` are texts by field."""

    def __init__(
        self,
        status: HTTPStatus,
        title: str,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.errors = errors or {}
        self.headers = headers or {}


def told_problem(visit: Visit, error: ProblemError) -> web.Response:
    """The answer."""
    return problem(error.status, visit.words.say(error.title), error.errors, error.headers)


def told_http(visit: Visit, error: web.HTTPException) -> web.Response:
    """The same for what aiohttp calls an error."""
    status = HTTPStatus(error.status)
    return problem(status, visit.words.say(title_of(status)))


def told_refusal(visit: Visit, error: StoreError) -> web.Response:
    """What the store refused: not there, taken or changed meanwhile, or not to be stored."""
    words = visit.words
    match error:
        case NotThereError() if _is_named(visit, error):
            status = HTTPStatus.NOT_FOUND
            return problem(status, words.say(title_of(status)))
        case Stale():
            return problem(HTTPStatus.CONFLICT, words.say(error.text))
        case TakenError():
            title = words.say(N_("Somebody has this already"))
            return problem(
                HTTPStatus.CONFLICT, title, {_FIELDS.get(error.field, error.field): title}
            )
        case HandOverError():
            field = f"{error.kind}:{error.which}"
            told = {field: words.say(N_("This cannot be handed over to who was chosen"))}
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, words.say(WRONG_FIELDS), told)
        case _:
            errors = refused(error, words)
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, words.say(WRONG_FIELDS), errors)


def _is_named(visit: Visit, error: NotThereError) -> bool:
    parts = visit.route.path.split("/")
    return len(parts) > 3 and error.what in _NOUNS.get(parts[3], ())

"""What was typed into a form, as a value or as errors beside the fields (pydantic)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin
from zoneinfo import ZoneInfo, available_timezones

from multidict import MultiMapping
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
)
from pydantic_core import ErrorDetails

from ari_app.domain.numbers import parse_extension
from ari_app.numbering import outside_number
from ari_app.store.accounts import normal_email
from ari_app.store.errors import InvalidError, NotThereError, StoreError, TakenError
from web.words import N_, Words

FormType = TypeVar("FormType", bound="Form")
_LISTS = (list, set, frozenset, tuple)


class Form(BaseModel):
    """What one form holds. Its fields' names are those of the inputs and of the API's JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)


class Wrong(ValueError):  # noqa: N818  it is told to people, not caught
    """A value that a field cannot hold; `text` (marked with N_) says why, filled with `values`."""

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


class Refused(StoreError):  # noqa: N818  it is told to people, beside a field
    """What an act does not do; `text` (marked with N_) says why, filled with `values`."""

    def __init__(self, field: str, text: str, **values: object) -> None:
        super().__init__(text)
        self.field = field
        self.text = text
        self.values = values


@dataclass(frozen=True, slots=True)
class Filled(Generic[FormType]):
    """A form as it is shown: what stands in its fields, and what is wrong with it.

    `errors` are texts by field, "" for the form as a whole. `value` is None when there are any.
    """

    typed: Mapping[str, list[str]] = field(default_factory=dict)
    value: FormType | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What stands in a field."""
        return next(iter(self.typed.get(name, ())), "")

    def has(self, name: str, value: str = "true") -> bool:
        """Whether a box is ticked, or a choice chosen."""
        return value in self.typed.get(name, ())

    def with_errors(self, errors: Mapping[str, str]) -> "Filled[FormType]":
        """The same form with more wrong about it."""
        return replace(self, value=None, errors={**self.errors, **errors})


def filled_with(form: FormType) -> Filled[FormType]:
    """A form that shows what is stored."""
    typed = {name: _shown(value) for name, value in form.model_dump(mode="json").items()}
    return Filled(typed, form)


def fill(
    model: type[FormType],
    typed: MultiMapping[Any],
    words: Words,
    context: Mapping[str, object] | None = None,
) -> Filled[FormType]:
    """Read a form that was sent; empty fields count as not filled in."""
    texts = {
        key: [value for value in typed.getall(key) if isinstance(value, str)]
        for key in dict.fromkeys(typed.keys())
    }
    given = {
        name: texts[name] if _is_list(info.annotation) else texts[name][-1]
        for name, info in model.model_fields.items()
        if any(text.strip() for text in texts.get(name, ()))
    }
    try:
        value = model.model_validate(given, context=context)
    except ValidationError as error:
        return Filled(texts, None, told(error, words))
    return Filled(texts, value)


def told(error: ValidationError, words: Words) -> dict[str, str]:
    """What is wrong, by field, in the reader's words; the first error of a field counts."""
    errors: dict[str, str] = {}
    for found in error.errors():
        place = str(found["loc"][0]) if found["loc"] else ""
        errors.setdefault(place, _text(found, words))
    return errors


def refused(error: StoreError, words: Words) -> dict[str, str]:
    """What the store refused, beside the field that it is about."""
    match error:
        case Refused():
            return {error.field: words.say(error.text, **error.values)}
        case TakenError():
            return {error.field: words.say(N_("Somebody has this already"))}
        case InvalidError():
            return {error.field: words.say(N_("This cannot be stored here"))}
        case NotThereError():
            return {"": words.say(N_("What you chose is not there any more"))}
        case _:
            return {"": words.say(N_("This could not be stored"))}


_TEXTS: Mapping[str, str] = {
    "missing": N_("Please fill this in"),
    "string_too_short": N_("At least {min_length} characters"),
    "string_too_long": N_("At most {max_length} characters"),
    "int_parsing": N_("A whole number, please"),
    "int_type": N_("A whole number, please"),
    "greater_than_equal": N_("Not less than {ge}"),
    "less_than_equal": N_("Not more than {le}"),
    "enum": N_("Please choose one of the list"),
    "literal_error": N_("Please choose one of the list"),
}


def _text(found: ErrorDetails, words: Words) -> str:
    values = found.get("ctx", {})
    cause = values.get("error")
    if isinstance(cause, Wrong):
        return words.say(cause.text, **cause.values)
    text = _TEXTS.get(found["type"], N_("This is not right"))
    return words.say(text, **values)


def _is_list(annotation: object) -> bool:
    arguments = get_args(annotation)
    origin = get_origin(annotation) or annotation
    return origin in _LISTS or any(_is_list(part) for part in arguments if part is not annotation)


def _shown(value: object) -> list[str]:
    match value:
        case None:
            return []
        case bool():
            return ["true"] if value else []
        case list():
            return [str(part) for part in value]
        case _:
            return [str(value)]


def _printable(text: str) -> str:
    if not text.isprintable():
        raise Wrong(N_("No line breaks or control characters, please"))
    return text


def _extension(text: str) -> str:
    if parse_extension(text) is None:
        raise Wrong(N_("2 to 7 digits"))
    return text


def _email(text: str) -> str:
    address = normal_email(text)
    if not address:
        raise Wrong(N_("This is not an e-mail address"))
    return address


def _phone(text: str, info: ValidationInfo) -> str:
    number = outside_number(text, _country(info))
    if number is None:
        raise Wrong(N_("This is not a telephone number: +7 916 123-45-67"))
    return number.e164


def _country(info: ValidationInfo) -> str:
    return str((info.context or {}).get("country", "RU"))


@cache
def zones() -> frozenset[str]:
    """All time zones; to find them takes a walk through the file system."""
    return frozenset(available_timezones())


def _zone(text: str) -> str:
    if text not in zones():
        raise Wrong(N_("This time zone is not known"))
    ZoneInfo(text)
    return text


Line = Annotated[str, StringConstraints(max_length=100), AfterValidator(_printable)]
"""One line of text, at most 100 characters."""
RequiredLine = Annotated[
    str, StringConstraints(min_length=1, max_length=100), AfterValidator(_printable)
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
ExtensionText = Annotated[str, AfterValidator(_extension)]
EmailText = Annotated[str, StringConstraints(max_length=320), AfterValidator(_email)]
PhoneText = Annotated[str, StringConstraints(max_length=40), AfterValidator(_phone)]
"""A number outside as people type it; the value is in E.164 form."""
Id = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""A number by which a database knows something; a larger one would be an error there."""
PageNumber = Annotated[int, Field(ge=1, le=1_000_000)]
ZoneText = Annotated[str, AfterValidator(_zone)]
Ticked = Annotated[bool, BeforeValidator(lambda value: value in (True, "true", "on", "1"))]

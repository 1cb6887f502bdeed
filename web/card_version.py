"""Two people edit the same card: noticing it, and keeping what both of them wrote."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Generic, TypeVar

from pydantic import StringConstraints

from web.forms import Form, Refused
from web.words import N_

VersionedForm = TypeVar("VersionedForm", bound="Versioned")


class Versioned(Form):
    """A form that knows what was stored when it was shown ("": it does not matter)."""

    version: Annotated[str, StringConstraints(max_length=400)] = ""


class Stale(Refused):
    """Somebody else has changed `fields` meanwhile; `stored` is what stands there now."""

    def __init__(self, fields: tuple[str, ...], stored: Versioned) -> None:
        super().__init__("", N_("Somebody else has changed this meanwhile: load it anew"))
        self.fields = fields
        self.stored = stored


@dataclass(frozen=True, slots=True)
class Merged(Generic[VersionedForm]):
    """What was typed, with the other's changes where one has typed nothing oneself.

    `both` are the fields that both have changed: they hold what was typed.
    """

    form: VersionedForm
    both: tuple[str, ...]


def version_of(stored: Versioned) -> str:
    """A digest of every field, in their order."""
    return ".".join(_digests(stored).values())


def check_version(sent: Versioned, stored: Versioned) -> None:
    """Raises Stale when what was shown is not what is stored."""
    if not sent.version:
        return
    shown = _shown(sent)
    changed = tuple(name for name, now in _digests(stored).items() if shown.get(name) != now)
    if changed:
        raise Stale(changed, stored)


def merged(sent: VersionedForm, error: Stale) -> Merged[VersionedForm]:
    """The form to be shown again; sent once more, it is stored."""
    shown, typed = _shown(sent), _digests(sent)
    untouched = {name for name in error.fields if typed[name] == shown.get(name)}
    same = {name for name in error.fields if typed[name] == _digests(error.stored)[name]}
    taken = {name: getattr(error.stored, name) for name in untouched}
    form = sent.model_copy(update={**taken, "version": version_of(error.stored)})
    return Merged(form, tuple(name for name in error.fields if name not in untouched | same))


def _shown(sent: Versioned) -> dict[str, str]:
    return dict(zip(_digests(sent), sent.version.split("."), strict=False))


def _digests(form: Versioned) -> dict[str, str]:
    values = form.model_dump(mode="json", exclude={"version"})
    return {name: _digest(value) for name, value in values.items()}


def _digest(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:10]

"""What the store raises; everything else that goes wrong is the database's own DBAPIError.

StoreError
├── NotThereError        nobody and nothing has this id, or it is gone
├── TakenError           an extension, outside number or name belongs to somebody already
├── InvalidError         a value that no row may hold
├── RulesRefusedError    rules that cannot work, each with its reason
├── HandOverError        something of who leaves cannot go to the one who was chosen
└── StoreOutdatedError   the database's schema is not the one that this program needs
"""

from ari_app.domain.checks import Problem, Refusal
from ari_app.domain.numbers import EmployeeId


class StoreError(Exception):
    """Something was asked of the store that it does not do; the text says what."""


class NotThereError(StoreError):
    """`what` (employee, own status, department, trunk) `id` is not there, or not any more."""

    def __init__(self, what: str, which: object) -> None:
        super().__init__(f"no {what} {which}")
        self.what = what
        self.which = which


class TakenError(StoreError):
    """The `field` (extension, number, name) has a `value` that somebody has already."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(f"{field} {value} is taken")
        self.field = field
        self.value = value


class InvalidError(StoreError):
    """The `field` cannot hold this value."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


class RulesRefusedError(StoreError):
    """Nothing was saved: at least one rule cannot work."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__("; ".join(f"{r.rule}: {r.problem.value} {r.detail}" for r in refusals))
        self.refusals = refusals


class HandOverError(StoreError):
    """What is `which` among those of a `kind` cannot be handed over; `problem` says why.

    None for a colleague who has such a thing already. `people` are as in `Refusal`.
    """

    def __init__(
        self, kind: str, which: int, problem: Problem | None, people: tuple[EmployeeId, ...] = ()
    ) -> None:
        super().__init__(f"{kind} {which}: {problem.value if problem else 'taken'}")
        self.kind = kind
        self.which = which
        self.problem = problem
        self.people = people


class StoreOutdatedError(StoreError):
    """The database is at `found` ("": empty), and this program needs `needed`."""

    def __init__(self, found: str, needed: str) -> None:
        super().__init__(
            f"the database is at version {found or 'none'}, {needed} is needed: "
            "run `autosecretary migrate`"
        )
        self.found = found
        self.needed = needed

"""Numbers that stand for all callers whom the masks of rules can tell apart."""

from collections.abc import Iterable, Iterator

from ari_app.domain.calls import Caller, CallerKind

_SHORTEST, _LONGEST = 2, 7
"""How many digits an extension has (see `numbers.Extension`)."""
_DIGITS = "0123456789"
_MOST_STATES = 500
"""Masks that nobody would write can make more kinds of numbers than there is time for."""

_Alive = frozenset[str]


def sample_callers(masks: Iterable[str], kinds: Iterable[CallerKind]) -> tuple[Caller, ...]:
    """One caller of each of `kinds` for each set of masks that can fit together."""
    wanted, all_masks = frozenset(kinds), frozenset(masks)
    callers: list[Caller] = []
    if CallerKind.INSIDE in wanted:
        inside = _numbers(all_masks, _DIGITS, range(_SHORTEST, _LONGEST + 1))
        callers += [Caller(number, is_inside=True) for number in inside]
    if CallerKind.OUTSIDE in wanted:
        lengths = range(1, max(map(len, all_masks), default=0) + 2)
        outside = _numbers(all_masks, f"+{_DIGITS}x", lengths)
        callers += [Caller(number, is_inside=False) for number in outside]
    if CallerKind.ANONYMOUS in wanted:
        callers.append(Caller("", is_inside=False))
    return tuple(callers)


def _numbers(masks: _Alive, alphabet: str, lengths: range) -> Iterator[str]:
    """A number for each set of masks that fit together, grown one sign at a time.

    Two beginnings of the same length that leave the same masks possible have the same future.
    """
    beginnings: dict[_Alive, str] = {masks: ""}
    told: set[_Alive] = set()
    for length in range(lengths.stop):
        for alive, number in beginnings.items():
            fitting = frozenset(mask for mask in alive if _is_complete(mask, length))
            if length in lengths and fitting not in told:
                told.add(fitting)
                yield number
        grown: dict[_Alive, str] = {}
        for alive, number in beginnings.items():
            for sign in _signs(alive, length, alphabet):
                left = frozenset(mask for mask in alive if _goes_on(mask, length, sign))
                grown.setdefault(left, number + sign)
        beginnings = dict(list(grown.items())[:_MOST_STATES])


def _is_complete(mask: str, length: int) -> bool:
    """Whether a number of this length, none of whose signs the mask forbids, is one it fits."""
    return len(mask) - 1 <= length if mask.endswith("*") else len(mask) == length


def _signs(alive: _Alive, length: int, alphabet: str) -> Iterator[str]:
    """The signs at this place that the masks name, and one that none of them names."""
    named = {mask[length] for mask in alive if length < len(mask)}
    yield from (sign for sign in alphabet if sign in named)
    yield from [sign for sign in reversed(alphabet) if sign not in named][:1]


def _goes_on(mask: str, length: int, sign: str) -> bool:
    """Whether `sign` may stand at the place `length` of a number that the mask fits."""
    if length >= len(mask) or mask[length] == "*":
        return mask.endswith("*")
    return mask[length] in {"?", sign}

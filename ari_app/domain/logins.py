"""The login that a name becomes, and what a typed login can be."""

import re
from collections.abc import Container
from itertools import count

MOST_LETTERS = 30
_OTHERS = re.compile(r"[^a-z0-9]+")


def login_from(latin: str, taken: Container[str]) -> str:
    """A login for a name in Latin letters: ``a.kuznetsova``, with a number where it is taken.

    `latin` may hold anything; a name without a letter or digit becomes ``employee``.
    """
    stem = stem_of(latin)
    if stem not in taken:
        return stem
    return next(login for number in count(2) if (login := f"{stem}{number}") not in taken)


def stem_of(latin: str) -> str:
    """What the logins of all who have this name begin with; digits may follow."""
    words = [word for word in _OTHERS.sub(" ", latin.lower()).split() if word]
    if not words:
        stem = "employee"
    elif len(words) == 1:
        stem = words[0]
    else:
        stem = f"{words[0][0]}.{words[-1]}"
    return stem[:MOST_LETTERS]

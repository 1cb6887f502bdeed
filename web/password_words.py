"""How good a password is, in words (zxcvbn)."""

from web.words import N_, Words

SHORTEST = 10
_GOOD = 3
_MOST = 72
"""zxcvbn takes long for long texts; what stands at the beginning is enough to judge by."""
_STRENGTHS = (
    N_("very easy to guess"),
    N_("easy to guess"),
    N_("not good enough"),
    N_("good"),
    N_("very good"),
)


def strength(password: str, about: tuple[str, ...]) -> int:
    """From 0 (guessed at once) to 4; `about` are words that a guesser tries first."""
    if not password:
        return 0
    from zxcvbn import zxcvbn  # noqa: PLC0415  8 MB of words, for those who choose a password

    words = [part for text in about for part in (text, *text.split(), text.partition("@")[0])]
    found = zxcvbn(password[:_MOST], user_inputs=[word for word in words if word])
    return int(found["score"])


def strength_told(words: Words, password: str, about: tuple[str, ...]) -> str:
    """The same in words."""
    return words.say(_STRENGTHS[strength(password, about)])


def weak(password: str, about: tuple[str, ...]) -> str:
    """What is wrong with a password (marked with N_), "" for a good one."""
    if len(password) < SHORTEST:
        return N_("At least 10 characters: three or four words that do not belong together")
    if strength(password, about) < _GOOD:
        return N_("This is easy to guess: take three or four words that do not belong together")
    return ""

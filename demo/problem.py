"""What a person at the keyboard can put right, said in one sentence."""

import sys
from collections.abc import Callable

from rich.console import Console
from rich.markup import escape


class Problem(Exception):  # noqa: N818 - it is told to people, as a sentence, and is no bug
    """Why something cannot be done here, and what to do about it."""


def told(program: Callable[[], None]) -> None:
    """Run `program`; a Problem is printed as a sentence and ends the process with 1."""
    try:
        program()
    except Problem as problem:
        Console(stderr=True, highlight=False).print(
            f"[bold red]Not done:[/] {escape(str(problem))}", soft_wrap=True
        )
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)

"""What stands on a page: one element, one attribute."""

from bs4 import Tag

from tests.unit.panel import Answer


def the(answer: Answer, selector: str) -> Tag:
    """The first element that matches; there must be one."""
    found = answer.html.select_one(selector)
    assert found is not None, selector
    return found


def attribute(answer: Answer, selector: str, name: str) -> str:
    """An attribute of the first element that matches."""
    return str(the(answer, selector)[name])


def undo_address(answer: Answer) -> str:
    """Where the button of the page's message leads."""
    return attribute(answer, ".alert form", "action")

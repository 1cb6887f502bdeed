"""The picture of a way: everything on it fits, and nothing in it is taken for markup."""

import re

import pytest
from bs4 import BeautifulSoup

from web.path_picture import picture
from web.way_words import Box, beside

LONG = "Константин Константинович Константинопольский-Рождественский фон Штернберг"


def box(title: str, mark: str = "") -> Box:
    because = (f"{title}: причина",)
    return Box("phone", "green", title, (title,), "25 с", "", "нет ответа", because, mark, (title,))


@pytest.mark.parametrize("name", [LONG, "Щ" * 200, "слово " * 60, "i", ""])
def test_no_line_is_longer_than_the_picture_is_wide(name: str) -> None:
    drawn = BeautifulSoup(picture([box(name), box(name)], "way", "/icons.svg"), "html.parser")
    longest = {"way-title": 35, "way-line": 43, "way-reason": 44}
    for text in drawn.select("text"):
        most = longest.get(str(text["class"][0]), 10)
        assert len(text.text) <= (most * 2 // 3 if "Щ" in text.text else most)


def test_boxes_do_not_lie_on_each_other() -> None:
    drawn = BeautifulSoup(picture([box(LONG)] * 5, "way", "/icons.svg"), "html.parser")
    frames = [
        (float(str(one["y"])), float(str(one["height"]))) for one in drawn.select("rect.way-frame")
    ]
    ends = [y + height for y, height in frames]
    assert all(end < y for end, (y, _) in zip(ends, frames[1:], strict=False))


def test_what_people_call_themselves_is_text() -> None:
    evil = '"><script>alert(1)</script><b onload="x">'
    drawn = picture([box(evil, evil)], evil, "/icons.svg")
    assert not re.search("<script|<b ", drawn)


def test_steps_that_only_one_way_has_are_marked() -> None:
    first, second, third = box("a"), box("b"), box("c")
    saved, other = beside([first, second], [first, third, second], ("gone", "new"))
    assert (["", ""], ["", "new", ""]) == ([b.mark for b in saved], [b.mark for b in other])

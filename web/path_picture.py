"""The way of a call as a picture: SVG that the page holds itself, coloured by class."""

from collections.abc import Sequence
from textwrap import wrap

from markupsafe import Markup

from web.way_words import Box

WIDTH = 360
_EDGE = 1.5
_LEFT = 58
_MIDDLE = 30
_TITLE, _LINE, _REASON = 35, 43, 44
"""Characters in a line; Russian letters are wide."""
_TITLE_HEIGHT, _LINE_HEIGHT = 18, 17


def picture(boxes: Sequence[Box], label: str, icons: str) -> Markup:
    """The steps below each other. `icons` is the address of the sheet with icons."""
    drawn: list[Markup] = []
    y = _EDGE
    for place, box in enumerate(boxes):
        if place:
            y = _connect(drawn, boxes[place - 1].came_to, box.because, y)
        y = _draw(drawn, box, y, icons)
    return Markup(
        '<svg class="way" viewBox="0 0 {} {:.0f}" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, y + _EDGE, label, Markup().join(drawn))


def _draw(drawn: list[Markup], box: Box, y: float, icons: str) -> float:
    """A box from `y` on; where it ends."""
    titles = _wrapped(box.title, _TITLE - (6 if box.seconds else 0), 3)
    lines = [line for told in box.lines for line in _wrapped(told, _LINE, 2)]
    height = max(46.0, 15 + _TITLE_HEIGHT * len(titles) + _LINE_HEIGHT * len(lines))
    below = y + 22 + _TITLE_HEIGHT * len(titles)
    texts = [
        *(_text("way-title", _LEFT, y + 23 + _TITLE_HEIGHT * n, t) for n, t in enumerate(titles)),
        *(_text("way-line", _LEFT, below + _LINE_HEIGHT * n, t) for n, t in enumerate(lines)),
    ]
    inside = Markup().join([_frame(y, height), _mark(box, y, icons), *texts, _corner(box, y)])
    drawn.append(
        Markup('<g class="way-box tone-{}{}"><title>{}</title>{}</g>').format(
            box.tone, " way-other" if box.mark else "", box.title, inside
        )
    )
    return y + height


def _frame(y: float, height: float) -> Markup:
    return Markup(
        '<rect class="way-frame" x="{}" y="{:.1f}" width="{}" height="{:.1f}" rx="9"></rect>'
    ).format(_EDGE, y, WIDTH - 2 * _EDGE, height)


def _mark(box: Box, y: float, icons: str) -> Markup:
    """The icon in its circle."""
    return Markup(
        '<circle class="way-mark" cx="{}" cy="{:.1f}" r="15"></circle>'
        '<use class="way-icon" href="{}#{}" x="{}" y="{:.1f}" width="18" height="18"></use>'
    ).format(_MIDDLE, y + 23, icons, box.icon, _MIDDLE - 9, y + 14)


def _corner(box: Box, y: float) -> Markup:
    """At the right: how long it rings; and on the frame, how it differs."""
    parts: list[Markup] = []
    if box.seconds:
        parts.append(_text("way-seconds", WIDTH - 12, y + 23, box.seconds, "end"))
    if box.mark:
        width = _width(box.mark)
        parts.append(_pill(WIDTH - 14 - width, y - 10, width, box.mark, "way-new"))
    return Markup().join(parts)


def _connect(drawn: list[Markup], came_to: str, because: Sequence[str], y: float) -> float:
    """The arrow to the next box, with what leads there; where the box begins."""
    reasons = [line for reason in because for line in _wrapped(reason, _REASON, 4)]
    inner = 26 * bool(came_to) + 15 * len(reasons)
    end = y + max(26.0, inner + 20)
    parts = [
        Markup('<path class="way-line-down" d="M{x} {y:.1f}V{end:.1f}"></path>').format(
            x=_MIDDLE, y=y, end=end - 6
        ),
        Markup('<path class="way-arrow" d="M{:.1f} {:.1f}h11l-5.5 8z"></path>').format(
            _MIDDLE - 5.5, end - 9
        ),
    ]
    top = y + 7
    if came_to:
        parts.append(_pill(_LEFT - 12, top, _width(came_to), came_to, "way-came-to"))
        top += 26
    for place, line in enumerate(reasons):
        parts.append(_text("way-reason", _LEFT - 8, top + 11 + 15 * place, line))
    drawn.extend(parts)
    return end


def _pill(x: float, y: float, width: float, text: str, kind: str) -> Markup:
    return Markup(
        '<g class="{}"><rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="20" rx="10"></rect>{}</g>'
    ).format(kind, x, y, width, _text("way-pill", x + width / 2, y + 14, text, "middle"))


def _text(kind: str, x: float, y: float, text: str, anchor: str = "start") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, text
    )


def _width(text: str) -> float:
    return 18 + 7 * len(text)


def _wrapped(text: str, room: int, most: int) -> list[str]:
    """A text in lines; the rest of what is too long is in the words below the picture."""
    is_loud = 2 * sum(map(str.isupper, text)) > len(text)
    room = room * 2 // 3 if is_loud else room
    return wrap(text, room, max_lines=most, placeholder="…", break_on_hyphens=False)

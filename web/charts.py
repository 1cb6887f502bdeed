"""Charts as SVG that the page holds itself: no library, no script, colours by class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from ari_app.domain.directory import OwnStatus, Status
from ari_app.domain.numbers import OwnStatusId

STATUS_COLOURS: Mapping[str, str] = {
    Status.ONLINE.value: "green",
    Status.ALL_CALLS.value: "teal",
    Status.OUTBOUND_CALLS.value: "blue",
    Status.BREAK.value: "orange",
    Status.DO_NOT_DISTURB.value: "red",
    Status.OFFLINE.value: "grey",
    "": "none",
}
_WIDTH = 960
_HEIGHT = 220
_LEFT = 48
_BOTTOM = 24


@dataclass(frozen=True, slots=True)
class Part:
    """A coloured part of a bar; `text` is told when it is pointed at."""

    colour: str
    amount: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    parts: Sequence[Part]

    @property
    def total(self) -> float:
        return sum(part.amount for part in self.parts)


def status_colour(status: str, own: Mapping[OwnStatusId, OwnStatus]) -> str:
    """The colour of a status, which is written as `Reason.detail` writes it."""
    if not status.startswith("own-"):
        return STATUS_COLOURS.get(status, "none")
    found = own.get(OwnStatusId(int(status.removeprefix("own-"))))
    return "none" if found is None else found.colour


def line(bar: Bar, longest: float) -> Markup:
    """One lying bar, as long as it is beside the `longest`; its label is read out."""
    drawn: list[Markup] = []
    at = 0.0
    for part in bar.parts:
        width = 1000 * part.amount / longest if longest else 0
        drawn.append(_rect(part, (at, 0, width, 10)))
        at += width
    return Markup(
        '<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg>'
    ).format(bar.label, Markup().join(drawn))


def columns(bars: Sequence[Bar], title: str) -> Markup:
    """Standing bars beside each other, with an axis of whole numbers."""
    top = _ceiling(max((bar.total for bar in bars), default=0))
    step = (_WIDTH - _LEFT) / max(len(bars), 1)
    height = _HEIGHT - _BOTTOM - 12
    drawn = [_axis(top * quarter / 4, 12 + height * (1 - quarter / 4)) for quarter in (0, 2, 4)]
    for place, bar in enumerate(bars):
        x, y = _LEFT + place * step, 12.0 + height
        for part in bar.parts:
            tall = height * part.amount / top
            y -= tall
            drawn.append(_rect(part, (x + step * 0.12, y, step * 0.76, tall)))
        drawn.append(
            Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
                x + step / 2, _HEIGHT - 6, bar.label
            )
        )
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(_WIDTH, _HEIGHT, title, Markup().join(drawn))


def _rect(part: Part, place: tuple[float, float, float, float]) -> Markup:
    if part.amount <= 0:
        return Markup()
    return Markup(
        '<rect class="fill-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">'
        "<title>{}</title></rect>"
    ).format(part.colour, *place, part.text)


def _axis(value: float, y: float) -> Markup:
    return Markup(
        '<line class="axis" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"></line>'
        '<text x="{}" y="{:.1f}" text-anchor="end">{}</text>'
    ).format(_LEFT, _WIDTH, y, y, _LEFT - 6, y + 4, escape(f"{value:g}"))


def _ceiling(value: float) -> float:
    """A round number that is not below `value`, and that halves well."""
    size = 4.0
    while size < value:
        size *= 2 if size * 2 >= value else 2.5 if size * 2.5 >= value else 5
    return size

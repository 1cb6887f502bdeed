"""A card's photo: made small and bare, refused where it is none, and shown to whom it may be."""

import io

import pytest
from aiohttp import FormData
from PIL import Image

from ari_app.domain.rights import Right, Role, Scope
from tests.unit.panel import Browser, Office


async def sent(browser: Browser, path: str, raw: bytes) -> int:
    form = FormData()
    form.add_field("csrf", await browser.token())
    form.add_field("photo", raw, filename="photo.jpg", content_type="image/jpeg")
    async with browser.client.post(path, data=form, allow_redirects=False) as answer:
        return answer.status


def picture(size: tuple[int, int] = (600, 400), kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    image = Image.new("RGB", size, "orange")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    image.save(made, kind, exif=exif)
    return made.getvalue()


async def test_a_photo_becomes_small_square_and_bare(admin: Browser, office: Office) -> None:
    assert 303 == await sent(admin, "/employees/2/photo", picture())
    async with admin.client.get("/employees/2/photo") as answer:
        raw, tag = await answer.read(), answer.headers["ETag"]
        assert "image/webp" == answer.content_type
    shown = Image.open(io.BytesIO(raw))
    assert ((256, 256), {}) == (shown.size, dict(shown.getexif()))
    assert b"taken at home" not in raw
    same = await admin.get("/employees/2/photo", **{"If-None-Match": tag})
    assert (304, "") == (same.status, same.text)
    line = await office.newest_line()
    assert line is not None
    assert "photo.changed" == line.action
    assert 303 == (await admin.post("/employees/2/photo/remove")).status
    async with admin.client.get("/employees/2/photo") as again:
        assert "image/svg+xml" == again.content_type


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_photos_of_other_formats_are_taken(admin: Browser, kind: str) -> None:
    assert 303 == await sent(admin, "/employees/2/photo", picture((20, 300), kind))


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"\xff\xd8\xff", picture()[:200], b"<svg xmlns='x'/>"]
)
async def test_what_is_no_photo_is_refused(admin: Browser, raw: bytes) -> None:
    assert 422 == await sent(admin, "/employees/2/photo", raw)
    async with admin.client.get("/employees/2/photo") as answer:
        assert "image/svg+xml" == answer.content_type


async def test_a_photo_of_too_many_pixels_is_refused(admin: Browser) -> None:
    bomb = io.BytesIO()
    Image.new("1", (6000, 6000)).save(bomb, "PNG")
    assert 422 == await sent(admin, "/employees/2/photo", bomb.getvalue())


async def test_initials_are_drawn_where_there_is_no_photo(admin: Browser) -> None:
    answer = await admin.get("/employees/2/photo")
    assert "БО" in answer.text
    assert answer.headers["ETag"]


async def test_photos_are_for_those_who_may_see_the_person(
    browser: Browser, office: Office
) -> None:
    assert 303 == (await browser.get("/employees/2/photo")).status
    await office.give_role(102, Role(0, "Узкая", "Narrow", 5, {Right.SEE_EMPLOYEES: Scope.SELF}))
    await browser.log_in(102)
    assert 200 == (await browser.get(f"/employees/{office.who(102)}/photo")).status
    assert 404 == (await browser.get(f"/employees/{office.who(103)}/photo")).status
    assert 404 == (await browser.get("/employees/999/photo")).status

"""Photos of employees: made small, without anything that a camera writes beside the picture."""

import asyncio
from io import BytesIO

from PIL import Image, ImageOps

from ari_app.domain.numbers import EmployeeId
from ari_app.domain.rights import Right
from ari_app.store import audit, photos
from ari_app.store.audit import About
from web.acts.people import changing
from web.forms import Refused
from web.visit import Visit
from web.words import N_

SIDE = 256
MOST_BYTES = 10 * 1024 * 1024
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS = {"JPEG": 80_000_000}
"""A JPEG is read at an eighth of its size; everything else as large as it is."""
_MOST_PIXELS_ELSE = 25_000_000


async def set_photo(visit: Visit, employee: EmployeeId, raw: bytes) -> None:
    """Raises Refused beside ``photo``, NotThereError, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        await changing(visit, session, employee, Right.CHANGE_CARDS)
    if len(raw) > MOST_BYTES:
        raise Refused("photo", N_("The photo has more than 10 MB"))
    image = await asyncio.to_thread(small, raw)
    async with visit.panel.sessions.begin() as session:
        person, _ = await changing(visit, session, employee, Right.CHANGE_CARDS)
        before = await photos.photo_version(session, employee)
        version = await photos.set_photo(session, employee, image)
        change = ({"photo": before}, {"photo": version})
        await audit.note(session, visit.who, "photo.changed", About(employee, person.name), change)


async def remove_photo(visit: Visit, employee: EmployeeId) -> None:
    """Raises NotThereError, HTTPForbidden."""
    async with visit.panel.sessions.begin() as session:
        person, _ = await changing(visit, session, employee, Right.CHANGE_CARDS)
        before = await photos.photo_version(session, employee)
        if not before:
            return
        await photos.remove_photo(session, employee)
        change = ({"photo": before}, {"photo": ""})
        await audit.note(session, visit.who, "photo.changed", About(employee, person.name), change)


def small(raw: bytes) -> bytes:
    """A square picture as WebP, without EXIF. Raises Refused for what is no picture."""
    try:
        with Image.open(BytesIO(raw), formats=_FORMATS) as found:
            return _packed(found)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("photo", N_("The photo has too many pixels")) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refused("photo", N_("This is not a photo: JPEG, PNG, WebP or GIF")) from error


def _packed(found: Image.Image) -> bytes:
    width, height = found.size
    if width * height > _MOST_PIXELS.get(found.format or "", _MOST_PIXELS_ELSE):
        raise Image.DecompressionBombError
    found.draft("RGB", (2 * SIDE, 2 * SIDE))
    mode = "RGBA" if found.has_transparency_data else "RGB"
    square = ImageOps.fit(ImageOps.exif_transpose(found).convert(mode), (SIDE, SIDE))
    bare = Image.new(mode, square.size)
    bare.paste(square)
    packed = BytesIO()
    bare.save(packed, "WEBP", quality=82)
    return packed.getvalue()

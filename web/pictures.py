"""Pictures of any kind, made small squares."""

from io import BytesIO

from PIL import Image, ImageOps

from web.forms import Refused
from web.words import N_

SIDE = 256
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_MOST_PIXELS = {"JPEG": 80_000_000}
"""A JPEG is read at an eighth of its size; everything else as large as it is."""
_MOST_PIXELS_ELSE = 25_000_000


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

"""What goes with a letter as a file: the caller's message, as something every phone plays."""

import structlog
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ari_app.letters.layout import Attachment
from ari_app.sound.errors import SoundError
from ari_app.sound.mp3 import as_mp3
from ari_app.store import messages

log = structlog.get_logger()


async def attached(
    sessions: async_sessionmaker[AsyncSession], recording: int | None, name: str
) -> Attachment | None:
    """The file; None without a message, or where it was removed meanwhile. Raises DBAPIError."""
    if recording is None:
        return None
    async with sessions() as session:
        wav = await messages.audio(session, recording)
    if wav is None:
        return None
    try:
        return Attachment(f"message-{name}.mp3", "audio/mpeg", await as_mp3(wav))
    except (SoundError, OSError) as error:
        log.warning("letter.not_converted", message=recording, reason=str(error))
        return Attachment(f"message-{name}.wav", "audio/wav", wav)

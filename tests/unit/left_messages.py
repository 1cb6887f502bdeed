"""Messages in the mailboxes of the demo office, for tests of the panel and of the code *97."""

from dataclasses import dataclass
from datetime import timedelta

from ari_app.asterisk.recordings import wav
from ari_app.store import messages
from ari_app.store.messages import NewMessage
from tests.unit.panel import Office

CALLER = "+79165550177"
SAID = wav(b"".join(bytes((i % 250, (i * 7) % 100)) for i in range(16000)))


@dataclass(frozen=True)
class Left:
    """Who left it for whom, and when."""

    to: int
    caller: str = CALLER
    name: str = "Иван"
    is_inside: bool = False
    ago: timedelta = timedelta(minutes=5)


async def leave(office: Office, left: Left) -> int:
    """Store a message of two seconds, and return its id."""
    async with office.sessions.begin() as session:
        at = office.now() - left.ago
        channel = f"{at.timestamp()}.{left.to}"
        new = NewMessage(
            office.who(left.to),
            f"{left.to}/{channel}.wav",
            channel,
            left.caller,
            left.name,
            left.is_inside,
            at,
            1000,
            SAID,
        )
        made = await messages.keep(session, new)
    assert made is not None
    return made


async def heard(office: Office, message: int) -> bool:
    """Whether it counts as heard."""
    async with office.sessions() as session:
        counted = await messages.counts(session)
    return sum(new for new, _ in counted.values()) == 0 and message > 0

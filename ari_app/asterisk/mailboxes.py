"""Message lamps (MWI): what Asterisk tells phones of the mailbox ``EXTENSION@autosecretary``.

Asterisk lets one module say how many messages there are. With app_voicemail, as distributions
ship it, that is a count of files: ``msg0000.txt`` and so on in ``EXTENSION/INBOX`` (new) and
``EXTENSION/Old`` (heard), looked at when VoicemailRefresh is sent. They hold nothing. With
res_mwi_external, which excludes app_voicemail, ARI takes the counts themselves.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from ari_app.asterisk.rest import Response, path
from ari_app.asterisk.wire import Reply, Values

log = structlog.get_logger()

CONTEXT = "autosecretary"
MOST = 99
"""What a lamp's counts go up to."""

Lit = tuple[int, int]
"""New and heard messages."""
_NEW, _HEARD = "INBOX", "Old"


class Acting(Protocol):
    """AMI actions."""

    async def action(self, name: str, /, **fields: Values) -> Reply: ...


class Asked(Protocol):
    """ARI requests."""

    async def request(self, method: str, uri: str, /, **query: str) -> Response: ...


class _Mailbox(msgspec.Struct):
    name: str
    old_messages: int
    new_messages: int


class Mailboxes:
    """The lamps of one Asterisk; only differences are sent. `folder` is app_voicemail's."""

    def __init__(self, folder: Path, manager: Acting, ari: Asked) -> None:
        self._folder = folder
        self._manager = manager
        self._ari = ari
        self._shown: dict[str, Lit] = {}
        self._is_by_files = False
        self._is_there = False
        self._complained = ""

    async def reconcile(self, wanted: Mapping[str, Lit]) -> None:
        """Show this, whatever was shown before. Raises OSError, ManagerError, AriError."""
        # Whoever was told nothing while files changed, is told now.
        refreshed = await self._manager.action("VoicemailRefresh", Context=CONTEXT)
        self._is_by_files = refreshed.is_ok
        listed = None if refreshed.is_ok else await self._listed()
        if refreshed.is_ok:
            self._shown = await asyncio.to_thread(_counted, self._folder)
        elif listed is not None:
            self._shown = listed
        else:
            self._shown = {}
            if wanted:
                self._complain(refreshed.message)
        self._is_there = refreshed.is_ok or listed is not None
        await self.show(wanted)

    async def show(self, wanted: Mapping[str, Lit]) -> None:
        """Show these; a mailbox that is not among them is empty. Raises as `reconcile`."""
        if not self._is_there:
            return
        for extension in {*self._shown, *wanted}:
            new, heard = wanted.get(extension, (0, 0))
            lit = (min(new, MOST), min(heard, MOST))
            if self._shown.get(extension, (0, 0)) != lit and await self._set(extension, lit):
                self._shown[extension] = lit

    async def _listed(self) -> dict[str, Lit] | None:
        """What ARI says of our mailboxes now; None without res_ari_mailboxes."""
        answer = await self._ari.request("GET", "mailboxes")
        if not answer.is_ok:
            return None
        found = ((one.name.partition("@"), one) for one in answer.read(list[_Mailbox]))
        return {
            extension: (one.new_messages, one.old_messages)
            for (extension, _, context), one in found
            if context == CONTEXT
        }

    async def _set(self, extension: str, lit: Lit) -> bool:
        if self._is_by_files:
            await asyncio.to_thread(_write, self._folder / extension, lit)
            told = {"Context": CONTEXT, "Mailbox": extension}
            return (await self._manager.action("VoicemailRefresh", **told)).is_ok
        uri = path("mailboxes", f"{extension}@{CONTEXT}")
        new, heard = map(str, lit)
        answer = await self._ari.request("PUT", uri, newMessages=new, oldMessages=heard)
        return answer.is_ok

    def _complain(self, reason: str) -> None:
        if reason != self._complained:
            log.warning(
                "lamps.no_mailboxes",
                reason=reason,
                todo="load app_voicemail, allow write=user: README, Message lamps",
            )
        self._complained = reason


def _counted(folder: Path) -> dict[str, Lit]:
    """What the files say now; nothing where there is no folder."""
    if not folder.is_dir():
        return {}
    boxes = ((box.name, box) for box in folder.iterdir() if box.is_dir())
    return {name: (len(_files(box / _NEW)), len(_files(box / _HEARD))) for name, box in boxes}


def _write(box: Path, lit: Lit) -> None:
    for name, count in zip((_NEW, _HEARD), lit, strict=True):
        wanted = {f"msg{number:04}.txt" for number in range(count)}
        found = _files(box / name)
        if wanted - found:
            (box / name).mkdir(parents=True, exist_ok=True)
        for file in wanted - found:
            (box / name / file).touch()
        for file in found - wanted:
            (box / name / file).unlink(missing_ok=True)


def _files(folder: Path) -> set[str]:
    return {file.name for file in folder.glob("msg????.txt")}

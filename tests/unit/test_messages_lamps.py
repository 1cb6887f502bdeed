"""Message lamps: files that app_voicemail counts, or ARI's mailboxes; only differences."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path

from ari_app.asterisk.mailboxes import MOST, Lit, Mailboxes
from ari_app.asterisk.manager import ManagerGone
from ari_app.asterisk.rest import Response
from ari_app.asterisk.wire import Reply, Values
from ari_app.message_counts import MessageCounts
from ari_app.message_lamps import MessageLamps
from demo.waiting import until
from tests.unit.left_messages import Left, leave
from tests.unit.panel import Office


@dataclass
class FakeAsterisk:
    """With or without app_voicemail; notes what it is told of."""

    has_voicemail: bool = True
    has_external: bool = False
    is_gone: bool = False
    listed: str = "[]"
    refreshed: list[str] = field(default_factory=list)
    put: list[str] = field(default_factory=list)

    async def action(self, name: str, /, **fields: Values) -> Reply:
        if self.is_gone:
            raise ManagerGone("gone")
        assert (name, fields["Context"]) == ("VoicemailRefresh", "autosecretary")
        self.refreshed.append(str(fields.get("Mailbox", "all")))
        told = "Refresh sent" if self.has_voicemail else "Invalid/unknown command"
        return Reply(self.has_voicemail, told, {}, (), ())

    async def request(self, method: str, uri: str, /, **query: str) -> Response:
        if method == "GET":
            return Response(200 if self.has_external else 404, self.listed)
        new, heard = query["newMessages"], query["oldMessages"]
        self.put.append(f"{method} {uri} {new} {heard}")
        return Response(204 if self.has_external else 404)


def shown(folder: Path) -> dict[str, Lit]:
    boxes = {box.name: box for box in folder.glob("*")}
    return {
        name: (len(list(box.glob("INBOX/*"))), len(list(box.glob("Old/*"))))
        for name, box in boxes.items()
    }


async def test_counts_become_files_and_only_differences_are_told(tmp_path: Path) -> None:
    asterisk = FakeAsterisk()
    mailboxes = Mailboxes(tmp_path, asterisk, asterisk)
    await mailboxes.reconcile({"101": (2, 1), "102": (0, 3)})
    await mailboxes.show({"101": (2, 1), "102": (1, 2)})
    assert shown(tmp_path) == {"101": (2, 1), "102": (1, 2)}
    assert sorted(asterisk.refreshed) == ["101", "102", "102", "all"]
    assert (tmp_path / "101/INBOX/msg0001.txt").read_bytes() == b""


async def test_what_was_left_lit_is_put_out_after_a_start(tmp_path: Path) -> None:
    asterisk = FakeAsterisk()
    await Mailboxes(tmp_path, asterisk, asterisk).reconcile({"101": (2, 1)})
    await Mailboxes(tmp_path, asterisk, asterisk).reconcile({})
    assert shown(tmp_path) == {"101": (0, 0)}


async def test_a_lamp_counts_so_far_and_no_further(tmp_path: Path) -> None:
    asterisk = FakeAsterisk()
    await Mailboxes(tmp_path, asterisk, asterisk).reconcile({"101": (5000, 5000)})
    assert shown(tmp_path) == {"101": (MOST, MOST)}


async def test_without_app_voicemail_ari_is_told(tmp_path: Path) -> None:
    asterisk = FakeAsterisk(has_voicemail=False, has_external=True)
    mailboxes = Mailboxes(tmp_path / "none", asterisk, asterisk)
    await mailboxes.reconcile({"101": (2, 1)})
    await mailboxes.show({})
    assert asterisk.put == [
        "PUT mailboxes/101%40autosecretary 2 1",
        "PUT mailboxes/101%40autosecretary 0 0",
    ]
    assert not (tmp_path / "none").exists()


async def test_what_ari_remembers_is_put_out_too_and_mailboxes_of_others_stay(
    tmp_path: Path,
) -> None:
    remembered = [
        {"name": "101@autosecretary", "new_messages": 2, "old_messages": 1},
        {"name": "102@autosecretary", "new_messages": 1, "old_messages": 0},
        {"name": "103@default", "new_messages": 3, "old_messages": 0},
    ]
    asterisk = FakeAsterisk(has_voicemail=False, has_external=True, listed=json.dumps(remembered))
    await Mailboxes(tmp_path, asterisk, asterisk).reconcile({"101": (2, 1)})
    assert asterisk.put == ["PUT mailboxes/102%40autosecretary 0 0"]


async def test_with_neither_nothing_is_written(tmp_path: Path) -> None:
    asterisk = FakeAsterisk(has_voicemail=False)
    await Mailboxes(tmp_path, asterisk, asterisk).reconcile({"101": (2, 1)})
    assert list(tmp_path.iterdir()) == []


async def test_the_lamp_follows_the_messages_once_asterisk_is_there(
    office: Office, tmp_path: Path
) -> None:
    asterisk, folder = FakeAsterisk(is_gone=True), tmp_path / "lamps"
    counts = MessageCounts(office.sessions)
    lamps = MessageLamps(Mailboxes(folder, asterisk, asterisk), counts, lambda: office.directory)
    await leave(office, Left(103))
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(part.run()) for part in (counts, lamps)]
        await until(lambda: counts.is_counted)
        assert shown(folder) == {}
        asterisk.is_gone = False
        lamps.reconcile()
        await until(lambda: shown(folder) == {"103": (1, 0)})
        for task in running:
            task.cancel()

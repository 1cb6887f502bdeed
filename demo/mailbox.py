"""The demo office's mail server: takes every letter, shows it on a page, sends none."""

import argparse
import asyncio
import html
import signal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from demo.ports import HOST

_MOST = 500
_PAGE = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>Demo mailbox</title>
<meta http-equiv="refresh" content="3"><meta name="viewport" content="width=device-width">
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }}
body {{ max-width: 60rem; margin: 1rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: start; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #8884; }}
</style></head><body>
<h1>Demo mailbox</h1>
<p>Every letter of the demo office ends here; nothing leaves this machine.
Письма демо-офиса приходят сюда; ничего не уходит с этой машины.</p>
{letters}</body></html>
"""


class Mailbox:
    """The letters that came, the newest first, each a file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        """Keep a letter; one that came before (same Message-ID) is kept once."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        letter = _parsed(content)
        known = {str(one["Message-ID"]) for _, one in self.letters()}
        if str(letter["Message-ID"]) not in known:
            number = max((int(file.stem) for file in self._folder.glob("*.eml")), default=0) + 1
            (self._folder / f"{number}.eml").write_bytes(content)
        return "250 2.0.0 kept"

    def letters(self) -> list[tuple[int, EmailMessage]]:
        files = sorted(self._folder.glob("*.eml"), key=lambda file: -int(file.stem))
        return [(int(file.stem), _parsed(file.read_bytes())) for file in files[:_MOST]]

    async def page(self, _request: web.Request) -> web.Response:
        """The list."""
        rows = "".join(
            f"<tr><td>{html.escape(str(letter['Date']))}</td><td>{html.escape(str(letter['To']))}"
            f'</td><td><a href="/{number}">{html.escape(str(letter["Subject"]))}</a></td></tr>'
            for number, letter in self.letters()
        )
        shown = f"<table>{rows}</table>" if rows else "<p>No letters yet. Писем пока нет.</p>"
        return web.Response(text=_PAGE.format(letters=shown), content_type="text/html")

    async def letter(self, request: web.Request) -> web.Response:
        """One letter as a mail program shows it."""
        file = self._folder / f"{int(request.match_info['number'])}.eml"
        if not file.is_file():
            raise web.HTTPNotFound
        body = _parsed(file.read_bytes()).get_body(("html", "plain"))
        text = "" if body is None else str(body.get_content())
        kind = "text/plain" if body is None else body.get_content_type()
        headers = {
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
            "Referrer-Policy": "no-referrer",
        }
        return web.Response(text=text, content_type=kind, headers=headers)


async def serve(folder: Path, smtp: int, http: int) -> None:
    """Take letters at one port and show them at the other, until asked to stop."""
    mailbox = Mailbox(folder)
    loop = asyncio.get_running_loop()
    app = web.Application()
    app.add_routes([web.get("/", mailbox.page), web.get(r"/{number:\d{1,9}}", mailbox.letter)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, http).start()
    server = await loop.create_server(lambda: SMTP(mailbox, enable_SMTPUTF8=True), HOST, smtp)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    server.close()
    await runner.cleanup()


def _parsed(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=default)


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the demo office's letters")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--smtp", type=int, required=True)
    parser.add_argument("--http", type=int, required=True)
    options = parser.parse_args()
    asyncio.run(serve(options.folder, options.smtp, options.http))


if __name__ == "__main__":
    main()

"""A program that calls the API: with a token, without, or with whatever it sends wrongly."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ari_app.store import api_tokens
from tests.unit.panel import Browser, Office
from web.api.scopes import TokenScope

if TYPE_CHECKING:
    from aiohttp.test_utils import TestClient

ALL = frozenset(TokenScope)


@dataclass(frozen=True)
class Said:
    """What the API answered."""

    status: int
    text: str
    headers: Any

    @property
    def json(self) -> Any:
        return json.loads(self.text) if self.text else None

    @property
    def errors(self) -> dict[str, str]:
        told: dict[str, str] = self.json.get("errors", {})
        return told


@dataclass
class Program:
    """Sends JSON; `token` is in its header where there is one."""

    client: "TestClient[Any, Any]"
    office: Office
    token: str = ""

    async def takes_token(
        self, extension: int, scopes: Collection[TokenScope] = ALL, days: int | None = None
    ) -> None:
        """Act in somebody's name."""
        now = self.office.now()
        ends = now, None if days is None else now + timedelta(days=days)
        async with self.office.sessions.begin() as session:
            _, self.token = await api_tokens.make(
                session,
                self.office.who(extension),
                "test",
                {scope.value for scope in scopes},
                ends,
            )

    async def call(
        self,
        method: str,
        path: str,
        sent: object = None,
        *,
        raw: bytes | None = None,
        **headers: str,
    ) -> Said:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if sent is not None:
            headers.setdefault("Content-Type", "application/json")
            raw = json.dumps(sent).encode()
        body = None if raw is None else BytesIO(raw)
        async with self.client.request(
            method, path, data=body, headers=headers, allow_redirects=False
        ) as answer:
            return Said(answer.status, await answer.text(), answer.headers)

    async def get(self, path: str, **headers: str) -> Said:
        return await self.call("GET", f"/api/v1{path}", None, raw=None, **headers)

    async def put(self, path: str, **sent: object) -> Said:
        return await self.call("PUT", f"/api/v1{path}", sent)

    async def post(self, path: str, **sent: object) -> Said:
        return await self.call("POST", f"/api/v1{path}", sent)

    async def patch(self, path: str, **sent: object) -> Said:
        return await self.call("PATCH", f"/api/v1{path}", sent)

    async def delete(self, path: str, **sent: object) -> Said:
        return await self.call("DELETE", f"/api/v1{path}", sent or None)


def program_of(browser: Browser) -> Program:
    """A program on the same panel."""
    return Program(browser.client, browser.office)

"""Somebody at the editor of a secretary, without a screen: fields and buttons of its form."""

from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup

from ari_app.domain.directory import ForwardingRule
from ari_app.store.directory import load
from tests.unit.panel import Answer, Browser, Office


@dataclass
class Editor:
    """The page of one employee's rules; `typed` are the fields as they stand there."""

    browser: Browser
    office: Office
    extension: int
    answer: Answer | None = None
    typed: dict[str, list[str]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/employees/{self.office.who(self.extension)}/secretary"

    @property
    def page(self) -> BeautifulSoup:
        assert self.answer is not None
        return self.answer.html

    @property
    def sentences(self) -> list[str]:
        """The rules as they are told, each with its name in front."""
        return [" ".join(one.get_text(" ").split()) for one in self.page.select(".rule-told")]

    @property
    def errors(self) -> list[str]:
        return [" ".join(one.get_text().split()) for one in self.page.select(".invalid-feedback")]

    @property
    def marks(self) -> list[str]:
        return [" ".join(one.get_text(" ").split()) for one in self.page.select(".rule-mark-error")]

    async def open(self) -> "Editor":
        self._take(await self.browser.get(self.path))
        return self

    async def press(self, deed: str, **typed: Any) -> Answer:
        """Type into fields, and press a button; what was not typed is sent as it stands there."""
        for name, value in typed.items():
            self.typed[name] = [str(one) for one in (value if isinstance(value, list) else [value])]
        fields = {name: values for name, values in self.typed.items() if name != "csrf"}
        answer = await self.browser.post(
            self.path, token=await self.browser.token("/me"), do=deed, **fields
        )
        if answer.status != 303:
            self._take(answer)
        return answer

    async def stored(self) -> tuple[ForwardingRule, ...]:
        async with self.office.sessions() as session:
            directory = await load(session)
        return directory.employees[self.office.who(self.extension)].rules

    def _take(self, answer: Answer) -> None:
        self.answer = answer
        self.typed = {}
        form = self.page.select_one("form#secretary")
        for one in form.select("[name]") if form is not None else ():
            name, kind = str(one["name"]), str(one.get("type", ""))
            if one.name == "button" or (
                kind in ("checkbox", "radio") and one.get("checked") is None
            ):
                continue
            if one.name == "select":
                chosen = one.select_one("option[selected]") or one.select_one("option")
                value = "" if chosen is None else str(chosen["value"])
            else:
                value = str(one.get("value", "on"))
            self.typed.setdefault(name, []).append(value)

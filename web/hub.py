"""Who follows what happens, and being told of it: pages that refresh themselves."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum


class Topic(Enum):
    """What can have changed; `data-live` in a template names those that a part shows."""

    PEOPLE = "people"
    """Cards, departments, own statuses."""
    STATUS = "status"
    CALLS = "calls"
    MESSAGES = "messages"
    DEVICES = "devices"
    """Phones ring, talk, come and go."""


class Follower:
    """One open page: what has changed since it was last told."""

    def __init__(self) -> None:
        self._topics: set[Topic] = set()
        self._rung = asyncio.Event()

    def tell(self, *topics: Topic) -> None:
        self._topics.update(topics)
        self._rung.set()

    async def next(self) -> frozenset[Topic]:
        """Wait until something has changed, and return all of it."""
        await self._rung.wait()
        self._rung.clear()
        told, self._topics = frozenset(self._topics), set()
        return told


class Hub:
    """All followers of this process."""

    def __init__(self) -> None:
        self._followers: set[Follower] = set()
        self.version = 0
        """Grows with everything that is told, so that a page knows what it came too late for."""

    def __len__(self) -> int:
        return len(self._followers)

    def tell(self, *topics: Topic) -> None:
        """Let every open page know that these have changed."""
        self.version += 1
        for follower in self._followers:
            follower.tell(*topics)

    @contextmanager
    def following(self) -> Iterator[Follower]:
        """Follow while the block runs."""
        follower = Follower()
        self._followers.add(follower)
        try:
            yield follower
        finally:
            self._followers.discard(follower)

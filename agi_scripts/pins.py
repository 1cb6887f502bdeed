"""How often a PIN may be wrong: a short number must not be found by calling again and again."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ari_app.domain.numbers import Extension


@dataclass(slots=True)
class WrongPins:
    """Wrong PINs by extension; `most` of them within `period`, and none is tried for a while."""

    most: int = 6
    period: timedelta = timedelta(minutes=5)
    seen: dict[Extension, tuple[datetime, ...]] = field(default_factory=dict)

    def are_too_many(self, extension: Extension, now: datetime) -> bool:
        return len(self._recent(extension, now)) >= self.most

    def note(self, extension: Extension, now: datetime) -> None:
        """Remember one; those long past are forgotten here, so that few are kept."""
        self.seen = {e: moments for e in self.seen if (moments := self._recent(e, now))}
        self.seen[extension] = (*self._recent(extension, now), now)

    def _recent(self, extension: Extension, now: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self.seen.get(extension, ()) if now - at < self.period)

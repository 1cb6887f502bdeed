"""The demo office in a service of this folder's own: its rules are changed here."""

from tests.live.service.conftest import asterisk, office, phones, service

__all__ = ["asterisk", "office", "phones", "service"]

"""The demo office: eight people whose secretaries show every kind of rule."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from ari_app.domain.calls import CallerKind
from ari_app.domain.directory import (
    Colleague,
    Colleagues,
    DayKind,
    Destination,
    ForwardingRule,
    Hours,
    OutsideNumbers,
    OwnPhones,
    Phone,
    RingOrder,
    SayGoodbye,
    Situation,
    Status,
    StatusChoice,
    Trunk,
    Voicemail,
    When,
)
from ari_app.domain.numbers import (
    EmployeeId,
    Endpoint,
    Extension,
    NumberClass,
    OutsideNumber,
    OwnStatusId,
    RuleId,
)
from ari_app.domain.rights import PRESETS
from ari_app.mail.providers import Encryption
from ari_app.store.accounts import give_role
from ari_app.store.card import Card
from ari_app.store.history import names
from ari_app.store.mail_servers import MailServer, mail_server, save_mail_server
from ari_app.store.office import Days, add_department, add_own_status, set_days, set_trunks
from ari_app.store.passwords import set_password
from ari_app.store.people import add_employees
from ari_app.store.pins import set_pin
from ari_app.store.rules import save_rules
from ari_app.store.statuses import declare

COUNTRY = "RU"
PIN = "4711"
PASSWORD = "demo-office-1"
"""Everybody's password in the demo office."""
_PASSWORD_HASH = (
    "$argon2id$v=19$m=65536,t=3,p=4$"
    "o0Oh5rgx+TG+ejUU79uxbA$bi9/eQ83ad+IRs2fnDEw3MwIZkrrx7lggQM5vMnwUjM"
)
ROLES: Mapping[str, str] = {
    "101": "administrator",
    "102": "group_head",
    "103": "senior",
    "104": "marketer",
    "105": "employee",
    "106": "accountant",
    "107": "company_head",
    "108": "no_access",
}
"""Which of the preset roles everybody has, by extension."""
EMAILS: Mapping[str, str] = {
    "101": "anna",
    "102": "boris",
    "103": "vera",
    "104": "grigory",
    "105": "emma",
    "106": "james",
    "107": "olga",
    "108": "oliver",
}
"""What stands before the @ of everybody's address, by extension."""
GREETING = "autosecretary/away"
TRUNK = Trunk("outside", "PJSIP/{number}@outside", company_number="+74951234500")

_INSIDE = frozenset({CallerKind.INSIDE})
_OUTSIDE = frozenset({CallerKind.OUTSIDE})
_ANONYMOUS = frozenset({CallerKind.ANONYMOUS})
_OFFICE_HOURS = Hours(time(9), time(18), DayKind.WORKING)
_LUNCH_HOURS = Hours(time(11), time(16), weekdays=frozenset(range(5)))


async def seed(session: AsyncSession) -> None:
    """Put the demo office into an empty database; where there was somebody, change nothing."""
    known, _ = await names(session)
    if known:
        return
    now = datetime.now(UTC)
    await set_days(session, Days(COUNTRY))
    await set_trunks(session, (TRUNK,))
    sales = await add_department(session, "Продажи", "Sales")
    support = await add_department(session, "Поддержка", "Support")
    lunch = await add_own_status(session, "На обеде", "At lunch", Status.BREAK, "orange")
    cards = [
        replace(card, department=sales if card.extension < "105" else support) for card in people()
    ]
    ids = await add_employees(session, cards)
    who = {str(card.extension): employee for card, employee in zip(cards, ids, strict=True)}
    for extension, choice in statuses(lunch).items():
        await declare(session, who[extension], choice, None, now)
    for extension, rules in secretaries(who, lunch).items():
        await save_rules(session, who[extension], rules, now, COUNTRY)
    presets = {role.preset: role.id for role in PRESETS}
    for extension, employee in who.items():
        await set_pin(session, employee, PIN)
        await give_role(session, employee, presets[ROLES[extension]])
        await set_password(session, employee, _PASSWORD_HASH, now)


async def use_mail_server(session: AsyncSession, port: int) -> None:
    """Send the company's letters to the demo's own server, which keeps all of them."""
    at = datetime.now(UTC)
    server = MailServer(
        None,
        "pbx@demo-office.example",
        "127.0.0.1",
        port,
        Encryption.NONE.value,
        "",
        "Демо-офис",
        authorised_at=at,
    )
    known = await mail_server(session, None)
    if known is None or (known.host, known.address) == (server.host, server.address):
        await save_mail_server(session, server)


def mobile(last: str) -> OutsideNumber:
    """A mobile of the demo office: +7 916 555 01 and two digits."""
    return OutsideNumber(f"+791655501{last}", NumberClass.MOBILE)


def people() -> list[Card]:
    """Everybody's card; the endpoint of a phone is called like the extension."""
    return [
        _card("101", "Анна Кузнецова", "Администратор"),
        _card("102", "Борис Орлов", "Руководитель отдела продаж", has_voicemail=True),
        _card("103", "Вера Смирнова", "Старший менеджер", has_voicemail=True),
        _card("104", "Григорий Лебедев", "Маркетолог"),
        replace(
            _in_london("105", "Emma Clarke", "Support engineer"),
            phones=(Phone(Endpoint("105"), 15), Phone(mobile("05"))),
            ring_order=RingOrder.IN_TURN,
        ),
        _in_london("106", "James Miller", "Accountant", has_voicemail=True),
        _card("107", "Ольга Соколова", "Директор"),
        _in_london("108", "Oliver Bennett", "Trainee", has_voicemail=True),
    ]


def statuses(lunch: OwnStatusId) -> Mapping[str, StatusChoice]:
    """What everybody declared, by extension."""
    return {
        "101": Status.ONLINE,
        "102": Status.BREAK,
        "103": Status.DO_NOT_DISTURB,
        "104": Status.OUTBOUND_CALLS,
        "105": Status.ALL_CALLS,
        "106": Status.OFFLINE,
        "107": lunch,
        "108": Status.ONLINE,
    }


def secretaries(
    who: Mapping[str, EmployeeId], lunch: OwnStatusId
) -> Mapping[str, tuple[ForwardingRule, ...]]:
    """Everybody's rules, by extension."""
    anna, emma = who["101"], who["105"]
    deputy = _rule("Заместитель", When(), Colleague(anna))
    eating = frozenset[StatusChoice]({lunch})
    return {
        "102": (replace(deputy, greeting=GREETING, otherwise=Voicemail()),),
        "103": (deputy,),
        "104": (
            deputy,
            _rule("Не отвечает", _after(Situation.NO_ANSWER, 10), Colleague(emma)),
            _rule("Занят", _after(Situation.BUSY), Voicemail()),
        ),
        "105": (
            _rule(
                "On a break, first the desk, then the mobile",
                When(frozenset({Status.BREAK})),
                OwnPhones(RingOrder.IN_TURN, 15),
            ),
        ),
        "106": (
            _rule(
                "Customers in office hours",
                When(callers=_OUTSIDE, hours=(_OFFICE_HOURS,)),
                OutsideNumbers((mobile("06"),), confirm=True),
                Voicemail(),
            ),
            _rule("Colleagues", When(callers=_INSIDE), Colleagues((anna, emma))),
        ),
        "107": (
            _rule("Без номера", When(eating, callers=_ANONYMOUS), SayGoodbye()),
            _rule(
                "Петербург",
                When(eating, callers=_OUTSIDE, numbers=("+7812*",)),
                Colleagues((emma, anna), RingOrder.IN_TURN),
            ),
            _rule("Обед по расписанию", When(eating, hours=(_LUNCH_HOURS,)), Colleague(emma)),
        ),
        "108": (
            _rule(
                "Phone is off",
                _after(Situation.UNREACHABLE),
                OutsideNumbers((mobile("08"), mobile("18")), RingOrder.IN_TURN, 15),
                Voicemail(),
            ),
        ),
    }


def _card(extension: str, name: str, position: str, *, has_voicemail: bool = False) -> Card:
    return Card(
        name,
        Extension(extension),
        (Phone(Endpoint(extension)),),
        zone="Europe/Moscow",
        has_voicemail=has_voicemail,
        number=f"+749512345{extension[1:]}",
        email=f"{EMAILS[extension]}@demo-office.example",
        mobile=mobile(extension[1:]).e164,
        position=position,
    )


def _in_london(extension: str, name: str, position: str, *, has_voicemail: bool = False) -> Card:
    card = _card(extension, name, position, has_voicemail=has_voicemail)
    return replace(card, zone="Europe/London", language="en")


def _after(situation: Situation, seconds: int = 0) -> When:
    return When(frozenset(), frozenset({situation}), seconds)


def _rule(
    name: str, when: When, then: Destination, otherwise: Destination | None = None
) -> ForwardingRule:
    return ForwardingRule(RuleId(0), name, when, then, otherwise)

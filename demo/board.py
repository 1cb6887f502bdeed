"""What a visitor of the demo office reads: who is here, what to dial, how to join in."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from demo.asterisk import AsteriskInstance
from demo.office import PASSWORD
from demo.ports import HOST


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the board."""

    extension: str
    name: str
    status: str
    phone: str
    """What the person's demo phone does when it rings."""
    login: str = ""
    """For the panel."""
    role: str = ""


CODES = (
    ("*31 … *36", "online, do not disturb, break, outbound, all calls, offline"),
    ("*33#1340", "break until 13:40"),
    ("*30", "hear one's own status"),
    ("*72105", "forward all calls to 105 (or to any number); *73 ends it"),
    ("*97", "listen to one's messages"),
    ("*77", "record a greeting"),
)
GUEST = "108"


def show(console: Console, asterisk: AsteriskInstance, people: Sequence[Person]) -> None:
    """Print the board."""
    table = Table("Dial", "Employee", "Status", "The demo phone", title="The demo office")
    for person in people:
        table.add_row(person.extension, person.name, person.status, person.phone)
    console.print(table)
    _show_panel(console, asterisk, people)
    ports = asterisk.ports
    console.print(f"Your own softphone: server [bold]{HOST}:{ports.sip}[/] (UDP), user {GUEST},")
    console.print(f"password [bold]{asterisk.secrets[GUEST]}[/] (the others: secrets.json below)")
    for code, meaning in CODES:
        console.print(f"  [bold]{code:10}[/] {meaning}")
    console.print("Without a softphone, in another terminal:")
    console.print("  [bold]make call FROM=101 TO=103[/]            a colleague calls")
    console.print("  [bold]make call FROM=+79165550123 TO=103[/]   a message is left")
    console.print(f"ARI http://{HOST}:{ports.http}, metrics http://{HOST}:{ports.metrics}/metrics")
    console.print(f"Logs, secrets and database: {asterisk.directory}")
    console.print("[bold green]Ready.[/] Ctrl-C ends everything.")


def _show_panel(console: Console, asterisk: AsteriskInstance, people: Sequence[Person]) -> None:
    table = Table("Login", "Employee", "Role", title="The panel")
    for person in people:
        table.add_row(person.login, person.name, person.role)
    console.print(table)
    console.print(
        f"The panel: [bold]http://{HOST}:{asterisk.ports.panel}[/], password [bold]{PASSWORD}[/]"
    )
    console.print(f"Letters that it writes: [bold]http://{HOST}:{asterisk.ports.mailbox}[/]")

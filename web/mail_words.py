"""Stages and faults of mail in words that say what to do."""

from collections.abc import Mapping

from ari_app.mail.errors import Fault
from ari_app.mail.providers import PasswordKind, Provider
from ari_app.mail.submission import Stage
from ari_app.store.mail_servers import MailState
from ari_app.store.outbox import LetterState
from web.words import N_, Words

STAGES: Mapping[Stage, str] = {
    Stage.NAME: N_("The server's name is found"),
    Stage.CONNECTION: N_("Connected"),
    Stage.TLS: N_("Protected by TLS, certificate checked"),
    Stage.LOGIN: N_("Login accepted"),
    Stage.SENDER: N_("Sender accepted"),
    Stage.LETTER: N_("Test letter handed over"),
}

FAULTS: Mapping[str, str] = {
    Fault.NAME_UNKNOWN.value: N_("No server has this name: check the spelling of the SMTP host."),
    Fault.FORBIDDEN_HOST.value: N_(
        "This address belongs to the own network, and the settings forbid that for mail."
    ),
    Fault.PORT_CLOSED.value: N_(
        "Nobody answers at this port: check the port, and whether a firewall lets it through."
    ),
    Fault.SILENT.value: N_(
        "The server says nothing: 465 wants TLS at once, 587 wants STARTTLS; try the other one."
    ),
    Fault.NO_MAIL_SERVER.value: N_("What answers there is not a mail server."),
    Fault.TLS_NOT_OFFERED.value: N_(
        "The server offers no TLS here, and a password never travels without it: use port 465."
    ),
    Fault.TLS_FAILED.value: N_(
        "TLS could not be agreed on: the port may want the other kind of encryption."
    ),
    Fault.CERTIFICATE_UNKNOWN.value: N_(
        "The certificate is signed by nobody known here: install its signer's on this machine."
    ),
    Fault.CERTIFICATE_EXPIRED.value: N_(
        "The server's certificate has expired: its administrator has to renew it."
    ),
    Fault.CERTIFICATE_NAME.value: N_(
        "The certificate is for another name: use the host's name that stands in it."
    ),
    Fault.WRONG_PASSWORD.value: N_("The login or the password is wrong."),
    Fault.APP_PASSWORD.value: N_(
        "This service does not take the account's own password: make a password for applications."
    ),
    Fault.SWITCHED_OFF.value: N_(
        "Access for mail programs is switched off in the mailbox's settings: allow it there."
    ),
    Fault.OAUTH_ONLY.value: N_("This service takes no passwords any more, only OAuth 2."),
    Fault.NO_LOGIN.value: N_("The server offers no way to log in that is known here."),
    Fault.LOGIN_NEEDED.value: N_("The server wants a login: fill in login and password."),
    Fault.SENDER_REFUSED.value: N_(
        "The server does not take letters of this sender: use the address of the account."
    ),
    Fault.RECIPIENT_REFUSED.value: N_("The server does not know or take this recipient."),
    Fault.MAILBOX_FULL.value: N_("The recipient's mailbox is full."),
    Fault.TOO_LARGE.value: N_("The letter is too large for the server."),
    Fault.TOO_MANY.value: N_("Too many letters at once: they go out more slowly now."),
    Fault.LETTER_REFUSED.value: N_("The server refused the letter."),
    Fault.BUSY.value: N_("The server asked to try again later."),
    Fault.CUT_OFF.value: N_("The connection broke off."),
    "no_server": N_("There is no mail server yet: set up the company's."),
    "key_unfit": N_("Its secret was encrypted with another key: see README, Keys."),
    "unwritable": N_("The address or the text cannot be put into a letter."),
}

MAIL_STATES: Mapping[MailState, tuple[str, str]] = {
    MailState.ADDED: ("yellow", N_("added, not authorised")),
    MailState.AUTHORISED: ("green", N_("authorised")),
    MailState.REFUSED: ("red", N_("refused")),
}

LETTER_STATES: Mapping[LetterState, tuple[str, str]] = {
    LetterState.WAITING: ("yellow", N_("waiting")),
    LetterState.SENT: ("green", N_("sent")),
    LetterState.FAILED: ("red", N_("not sent")),
    LetterState.CANCELLED: ("grey", N_("cancelled")),
}

LETTERS: Mapping[str, str] = {
    "registration": N_("Finish registration"),
    "forgotten_password": N_("Forgotten password"),
    "password_changed": N_("Password changed"),
    "address_changed": N_("E-mail address changed"),
    "new_device": N_("New device"),
    "missed_call": N_("Missed call"),
    "voicemail": N_("Voice message"),
    "rule_broken": N_("A rule no longer works"),
    "test": N_("Test letter"),
    "to_caller": N_("Letter to a caller"),
}


def fault_told(fault: str, words: Words, provider: Provider | None = None) -> str:
    """What is wrong, with what this provider calls it."""
    told = words.say(FAULTS[fault]) if fault in FAULTS else fault
    if provider is None:
        return told
    asks_app = fault in {Fault.APP_PASSWORD.value, Fault.WRONG_PASSWORD.value}
    if asks_app and provider.password is PasswordKind.APP:
        own = words.own(provider.word)
        told += " " + words.say(N_("{name} needs: {word}."), name=provider.name, word=own)
    if fault in {Fault.SWITCHED_OFF.value, Fault.WRONG_PASSWORD.value} and any(provider.access):
        own = words.own(provider.access)
        told += " " + words.say(N_("{name}: {word}."), name=provider.name, word=own)
    return told

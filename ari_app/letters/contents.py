"""What each kind of letter says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ari_app.explain import N_, translations
from ari_app.store.letters import LetterKind

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """A letter before it is laid out; `button` is an address and what stands on it."""

    subject: str
    paragraphs: tuple[str, ...]
    button: tuple[str, str] | None = None
    facts: tuple[tuple[str, str], ...] = ()
    after: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Saying:
    """Says texts in one language, filled with a letter's values."""

    language: str
    values: Values

    def __call__(self, text: str) -> str:
        return translations(self.language).gettext(text).format_map(_Filled(self.values))

    def link(self) -> str:
        return self.values.get("link", "")


class _Filled(dict[str, str]):
    """A value that is not there stays empty: a letter is better than none."""

    def __missing__(self, key: str) -> str:
        return ""


def content(kind: str, language: str, values: Values) -> Content:
    """What a letter says. Raises KeyError for a kind that this program does not know."""
    return _LETTERS[LetterKind(kind)](_Saying(language, values))


def _registration(say: _Saying) -> Content:
    return Content(
        say(N_("{name}, finish your registration")),
        (
            say(N_("Hello, {name}!")),
            say(N_("An account has been made for you. Your login is {login}.")),
            say(N_("Choose your own password to begin; nobody else learns it.")),
        ),
        (say.link(), say(N_("Finish the registration"))),
        after=(say(N_("The link works once, until {until}.")),),
    )


def _forgotten_password(say: _Saying) -> Content:
    return Content(
        say(N_("A new password")),
        (
            say(N_("Hello, {name}!")),
            say(N_("Somebody, probably you, asked for a new password for the login {login}.")),
        ),
        (say.link(), say(N_("Choose a new password"))),
        after=(
            say(N_("The link works once, until {until}.")),
            say(N_("If it was not you, there is nothing to do: the old password still works.")),
        ),
    )


def _password_changed(say: _Saying) -> Content:
    return Content(
        say(N_("Your password was changed")),
        (
            say(N_("Hello, {name}!")),
            say(N_("The password of your login {login} was changed on {moment}.")),
        ),
        facts=((say(N_("From the address")), say.values.get("address", "")),),
        after=(say(N_("If it was not you, tell your administrator at once.")),),
    )


def _address_changed(say: _Saying) -> Content:
    return Content(
        say(N_("Your e-mail address was changed")),
        (
            say(N_("Hello, {name}!")),
            say(N_("On {moment} this address was taken away from your login {login}.")),
        ),
        after=(say(N_("If you know nothing of it, tell your administrator at once.")),),
    )


def _new_device(say: _Saying) -> Content:
    return Content(
        say(N_("A new device has logged in")),
        (
            say(N_("Hello, {name}!")),
            say(N_("Somebody logged in as {login} from a device that was not used before.")),
        ),
        facts=(
            (say(N_("When")), say.values.get("moment", "")),
            (say(N_("Device")), say.values.get("device", "")),
            (say(N_("From the address")), say.values.get("address", "")),
        ),
        after=(say(N_("If it was not you, change your password and tell your administrator.")),),
    )


def _missed_call(say: _Saying) -> Content:
    return Content(
        say(N_("Missed call from {caller}, {moment}")),
        (say(N_("{moment}: {name} missed a call from {caller}.")),),
        (say.link(), say(N_("Show the call"))) if say.link() else None,
        facts=(
            (say(N_("What happened")), say.values.get("path", "")),
            (say(N_("Why")), say.values.get("why", "")),
        ),
    )


def _rule_broken(say: _Saying) -> Content:
    return Content(
        say(N_("Your rule “{rule}” no longer works")),
        (
            say(N_("Hello, {name}!")),
            say(N_("Calls to you do not follow the rule “{rule}” of your secretary any more.")),
            say(N_("Please change the rule or switch it off; your other rules go on working.")),
        ),
        (say.link(), say(N_("Show my rules"))) if say.link() else None,
        facts=((say(N_("Why")), say.values.get("why", "")),),
    )


def _voicemail(say: _Saying) -> Content:
    return Content(
        say(N_("Voice message from {caller}, {moment}")),
        (
            say(N_("Hello, {name}!")),
            say(N_("{moment}: {caller} left you a message. It is attached to this letter.")),
        ),
        (say.link(), say(N_("Listen in the panel"))) if say.link() else None,
        facts=(
            (say(N_("From")), say.values.get("caller", "")),
            (say(N_("Length")), say.values.get("duration", "")),
        ),
    )


def _test(say: _Saying) -> Content:
    return Content(
        say(N_("Test letter of Autosecretary")),
        (say(N_("If you read this, letters are sent as they should be.")),),
    )


def _to_caller(say: _Saying) -> Content:
    text = say.values.get("text", "")
    return Content(say.values.get("subject", ""), tuple(text.split("\n\n")))


_LETTERS: Mapping[LetterKind, Callable[[_Saying], Content]] = {
    LetterKind.REGISTRATION: _registration,
    LetterKind.FORGOTTEN_PASSWORD: _forgotten_password,
    LetterKind.PASSWORD_CHANGED: _password_changed,
    LetterKind.ADDRESS_CHANGED: _address_changed,
    LetterKind.NEW_DEVICE: _new_device,
    LetterKind.MISSED_CALL: _missed_call,
    LetterKind.RULE_BROKEN: _rule_broken,
    LetterKind.VOICEMAIL: _voicemail,
    LetterKind.TEST: _test,
    LetterKind.TO_CALLER: _to_caller,
}

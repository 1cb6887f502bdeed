"""What a letter to a caller can begin with, in Russian and in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from web.words import N_

Language = Literal["ru", "en"]


@dataclass(frozen=True, slots=True)
class Template:
    """A letter to be filled: ``{moment}`` of the call, ``{me}`` who writes."""

    name: str
    subject: Mapping[Language, str]
    text: Mapping[Language, str]


_END: Mapping[Language, str] = {
    "ru": "\n\nС уважением,\n{me}",
    "en": "\n\nKind regards,\n{me}",
}
TEMPLATES: Mapping[str, Template] = {
    "sorry": Template(
        N_("Sorry I missed your call"),
        {"ru": "Ваш звонок {moment}", "en": "Your call of {moment}"},
        {
            "ru": "Здравствуйте!\n\nВы звонили нам {moment}, а на звонок никто не ответил: "
            "приносим извинения. Чем мы можем помочь? Ответьте на это письмо или напишите, "
            "когда вам удобно поговорить.",
            "en": "Hello!\n\nYou called us on {moment} and nobody answered: we are sorry. "
            "How can we help you? Just reply to this letter, or write when it suits you to talk.",
        },
    ),
    "when": Template(
        N_("When may I call back?"),
        {"ru": "Когда вам перезвонить?", "en": "When may we call you back?"},
        {
            "ru": "Здравствуйте!\n\nВы звонили нам {moment}. Когда вам удобно, чтобы мы "
            "перезвонили, и по какому номеру?",
            "en": "Hello!\n\nYou called us on {moment}. When does it suit you to be called back, "
            "and at which number?",
        },
    ),
    "tried": Template(
        N_("I tried to call back"),
        {"ru": "Мы пытались вам дозвониться", "en": "We tried to call you back"},
        {
            "ru": "Здравствуйте!\n\nВы звонили нам {moment}. Мы перезвонили, но не смогли до вас "
            "дозвониться. Ответьте на это письмо или позвоните нам ещё раз.",
            "en": "Hello!\n\nYou called us on {moment}. We called back and could not reach you. "
            "Please reply to this letter, or call us once more.",
        },
    ),
}


def filled(template: Template, language: Language, moment: str, me: str) -> tuple[str, str]:
    """Subject and text."""
    values = {"moment": moment, "me": me}
    text = template.text[language] + _END[language]
    return template.subject[language].format(**values), text.format(**values)

"""Examples and short names for the types of the OpenAPI document."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]
_BY_FORMAT = {
    "date-time": "2026-11-23T14:00:00+03:00",
    "date": "2026-11-23",
    "time": "14:00",
}
_BY_NAME = {
    "name": "Анна Петрова",
    "name_ru": "Обучение",
    "name_en": "Training",
    "extension": "105",
    "to": "105",
    "email": "anna@example.org",
    "mobile": "+79161234567",
    "status": "break",
    "person": "105",
    "login": "a.petrova",
    "zone": "Europe/Moscow",
    "secret": "as_…",
    "token": "as_…",
    "password": "…",
}
_DEEPEST = 6


def sample(schema: Json, document: Json, name: str = "", depth: int = 0) -> Any:
    """A value that the schema describes."""
    schema = resolved(schema, document)
    for told in ("example", "default", "const"):
        if schema.get(told) not in ("", None):
            return schema[told]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], document, name, depth + 1)
    if schema.get("type") == "object":
        return _object(schema, document, depth)
    if schema.get("type") == "array":
        return [] if depth > _DEEPEST else [sample(schema["items"], document, name, depth + 1)]
    return _plain(schema, name)


def _plain(schema: Json, name: str) -> Any:
    match schema.get("type"):
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case "string":
            return _BY_NAME.get(name, _BY_FORMAT.get(schema.get("format", ""), ""))
        case _:
            return None


def _object(schema: Json, document: Json, depth: int) -> dict[str, Any]:
    if depth > _DEEPEST:
        return {}
    return {
        name: sample(told, document, name, depth + 1)
        for name, told in schema.get("properties", {}).items()
        if name != "version" and told.get("default", "") is not None
    }


def type_text(schema: Json, document: Json) -> str:
    """A type in a word or two."""
    schema = resolved(schema, document)
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(type_text(one, document) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"[{type_text(schema.get('items', {}), document)}]"
    kind = str(schema.get("format") or schema.get("type") or "any")
    least, most = schema.get("minimum"), schema.get("maximum")
    return kind if least is None or most is None else f"{kind} {least}…{most}"


def resolved(schema: Json, document: Json) -> Json:
    """What a reference stands for."""
    while "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        schema = document["components"]["schemas"][name]
    return schema

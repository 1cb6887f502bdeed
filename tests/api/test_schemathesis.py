"""Whatever is sent, every answer is one that the OpenAPI document tells of, and none is a 5xx."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import Running
from web.api.document import document

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# Whatever host is sent would be asked for its name: these are tried with a mail server of ours.
schema = schemathesis.openapi.from_dict(document()).exclude(
    path_regex="/mail/(authorise|server)", method=["POST", "PUT"]
)
schema.config.phases.coverage.enabled = False
"""Examples alone: the phase of coverage would send thousands of requests."""


@schema.parametrize()
@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_documented(case: Case[Any], running: Running) -> None:
    token = running.token()
    case.call_and_validate(
        base_url=running.address, headers={"Authorization": f"Bearer {token}"}, checks=CHECKS
    )

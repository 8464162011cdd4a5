"""Asking the API, and reading its refusals."""

from tests.factories.community import bearer


def call(client, verb, path, body=None, user=None, **headers):
    return getattr(client, verb)(
        f"/api/v1/{path}",
        *([] if body is None else [body]),
        content_type="application/json",
        headers=(bearer(user) if user else {}) | headers,
    )


def problem(answer, status, code):
    """The answer is that refusal, in one plain sentence."""
    body = answer.json()
    assert (answer.status_code, body["code"], body["status"]) == (status, code, status), body
    assert answer["Content-Type"] == "application/problem+json"
    assert body["detail"]
    return body

"""How the API says no: one shape for every refusal, and which refusals a route may give."""

from typing import Any

from ninja import Schema


class Problem(Schema):
    """What is wrong and what to do, in the reader's language; `fields` by the field's name."""

    detail: str
    fields: dict[str, str] = {}


# For `response=`: what a route may answer besides its result.
READING: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
WRITING: dict[Any, Any] = READING | {400: Problem, 409: Problem}

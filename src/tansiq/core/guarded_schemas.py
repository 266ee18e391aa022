"""The guard of personal data for programs: the same question, answered in the same request."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field, model_validator

from tansiq.core.guarding import MOST_REASON, SEND, Question, current_watch
from tansiq.core.personal import kind_in_words


class HoldsPersonalDataError(Exception):
    """A text holds something of a person and no reason came along; says where and what kind."""

    def __init__(self, fields: dict[str, str], problem: str) -> None:
        super().__init__(
            problem
            or _(
                "This seems to hold something of a person. Take it out, or say why it must go out "
                "as it is in override_reason."
            )
        )
        self.fields = fields


class GuardedSchema(Schema):
    """What comes in with text that people write freely. `not_guarded` as in a form."""

    not_guarded: ClassVar[Mapping[str, str]] = {}

    override_reason: Annotated[
        str,
        Field(
            max_length=MOST_REASON,
            exclude=True,
            description="Why a text goes out although it seems to hold something of a person.",
        ),
    ] = ""

    @model_validator(mode="after")
    def _holds_nothing_of_a_person(self) -> Self:
        watch = current_watch()
        if watch is None:
            return self
        if self.override_reason:
            watch.choice, watch.reason = SEND, self.override_reason
        stopped = {}
        for name, text in self._texts().items():
            found = watch.look(text)
            question = Question(name, name, text, found)
            if found and not watch.accept(question, name, asks=True):
                stopped[name] = ", ".join(
                    f"{kind_in_words(one.kind)} ({one.start}-{one.end})" for one in found
                )
        if stopped:
            raise HoldsPersonalDataError(stopped, watch.problem if watch.reason else "")
        return self

    def _texts(self) -> dict[str, str]:
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        return {
            name: value
            for name, value in given.items()
            if isinstance(value, str) and name not in {"override_reason", *self.not_guarded}
        }

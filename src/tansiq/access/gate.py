"""The gate: `rule` declares, `can` asks, `fetch` asks or stops the request."""

from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.verdict import Verdict, no
from tansiq.core.openness import open_to_all

__all__ = [
    "SealedError",
    "UnknownRuleError",
    "can",
    "can_each",
    "fetch",
    "fetch_known",
    "open_to_all",
    "rule",
    "rule_names",
]

ModelT = TypeVar("ModelT", bound=models.Model)
Rule = Callable[[Actor, Any], Verdict]

_rules: dict[str, Rule] = {}


class UnknownRuleError(LookupError):
    pass


def rule(name: str) -> Callable[[Rule], Rule]:
    """Register a function as the rule of this name, such as `plans.publish`."""

    def register(function: Rule) -> Rule:
        if name in _rules:
            message = f"Two rules are named {name!r}."
            raise UnknownRuleError(message)
        _rules[name] = function
        return function

    return register


class SealedError(PermissionDenied):
    """An overseer may know that this exists, and reads it only by opening it with a reason."""

    def __init__(self, sealed: models.Model) -> None:
        super().__init__(
            _(
                "This is sealed: you oversee it and may know that it exists. To read it, open it "
                "with a reason. The owner is told."
            )
        )
        self.sealed = sealed

    @property
    def way_on(self) -> str:
        """Where the overseer opens it; what belongs to a thing is opened with the thing."""
        thing: Any = self.sealed
        for step in filter(None, getattr(type(thing).objects.all(), "through", "").split("__")):
            thing = getattr(thing, step)
        return reverse("access:open_sealed", args=[thing._meta.model_name, thing.pk])


def can(actor: Actor, name: str, target: models.Model) -> Verdict:
    """Return whether the actor may do this to the target, and if not, why not."""
    decide = _rule_named(name)
    kind: Any = type(target)
    if not kind.objects.visible_to(actor).filter(pk=target.pk).exists():
        return no(_("You do not have access to this."))
    return decide(actor, target)


def can_each(actor: Actor, names: Iterable[str], target: models.Model) -> dict[str, Verdict]:
    """Ask several rules about one target, at the price of one question."""
    decisions = {name: _rule_named(name) for name in names}
    kind: Any = type(target)
    if not kind.objects.visible_to(actor).filter(pk=target.pk).exists():
        return dict.fromkeys(decisions, no(_("You do not have access to this.")))
    return {name: decide(actor, target) for name, decide in decisions.items()}


def fetch(actor: Actor, name: str, model: type[ModelT], /, **lookup: object) -> ModelT:
    """Return the object if the actor may do this to it.

    Raises Http404 when the actor may not even know that it exists, SealedError when it oversees
    the object but has not opened it, and PermissionDenied with the rule's reason when the answer
    is no. All three are written to the log.
    """
    kind: Any = model
    target: ModelT | None = kind.objects.visible_to(actor).filter(**lookup).first()
    if target is None:
        _refuse_hidden(actor, name, kind, lookup)
    _refuse_unless(_rule_named(name)(actor, target), actor, name, target)
    return target


def fetch_known(actor: Actor, name: str, model: type[ModelT], /, **lookup: object) -> ModelT:
    """Return the object if the actor may know that it exists and the rule agrees.

    For what needs no look at the content: its log, or opening it as an overseer.
    """
    kind: Any = model
    target: ModelT | None = kind.objects.known_to(actor).filter(**lookup).first()
    if target is None:
        _refuse_hidden(actor, name, kind, lookup)
    _refuse_unless(_rule_named(name)(actor, target), actor, name, target)
    return target


def _refuse_unless(verdict: Verdict, actor: Actor, name: str, target: models.Model) -> None:
    if not verdict:
        record(actor, f"refused:{name}", target, at=now(), detail={"why": verdict.reason})
        raise PermissionDenied(verdict.reason)


def _refuse_hidden(actor: Actor, name: str, kind: Any, lookup: dict[str, object]) -> NoReturn:
    hidden = kind.objects.filter(**lookup).first()
    if hidden is None:
        raise Http404
    record(actor, f"refused:{name}", hidden, at=now(), detail={"why": "not visible"})
    known_to = getattr(kind.objects, "known_to", None)
    if known_to is not None and known_to(actor).filter(pk=hidden.pk).exists():
        raise SealedError(hidden)
    raise Http404


def rule_names() -> list[str]:
    return sorted(_rules)


def _rule_named(name: str) -> Rule:
    try:
        return _rules[name]
    except KeyError:
        known = ", ".join(sorted(_rules))
        message = f"No rule is named {name!r}. Known rules: {known}."
        raise UnknownRuleError(message) from None

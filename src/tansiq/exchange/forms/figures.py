"""Which figures somebody looks at: over how many months, whose, of which kind of item."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Organisation
from tansiq.core import formats
from tansiq.exchange.models import ALL, ItemKind
from tansiq.exchange.queries.figures import SPANS

_USUAL = SPANS[-1]


def _spans() -> list[tuple[int, str]]:
    language = get_language() or "en"
    return [
        (
            count,
            ngettext("%(count)s month", "%(count)s months", count)
            % {"count": formats.number(count, language)},
        )
        for count in SPANS
    ]


class SpanForm(forms.Form):
    months = forms.TypedChoiceField(label=_("The last"), choices=_spans, coerce=int, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__({"months": _USUAL} | data.dict())
        self.is_valid()

    def wanted(self, name: str) -> Any:
        """Return what was chosen; an address that names nonsense shows the usual."""
        return self.cleaned_data.get(name)

    @property
    def span(self) -> int:
        return self.wanted("months") or _USUAL


class CountryForm(SpanForm):
    kind = forms.ChoiceField(
        label=_("Kind of item"),
        choices=[(ALL, _("all kinds")), *ItemKind.choices],
        required=False,
    )


class OwnForm(SpanForm):
    organisation = forms.TypedChoiceField(label=_("Organisation"), coerce=int, required=False)

    def __init__(self, data: Any, *, organisations: Sequence[Organisation]) -> None:
        self.organisations = {one.pk: one for one in organisations}
        super().__init__(data)

    def full_clean(self) -> None:
        field: Any = self.fields["organisation"]
        field.choices = [(pk, str(one)) for pk, one in self.organisations.items()]
        if len(self.organisations) < 2:  # noqa: PLR2004 -- nothing to choose
            field.widget = forms.HiddenInput()
        super().full_clean()

    @property
    def whose(self) -> Organisation | None:
        first = next(iter(self.organisations.values()), None)
        return self.organisations.get(self.wanted("organisation"), first)

"""What the level above says to a report, what the place replies, and corrections."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tansiq.core.guarding import GuardedForm
from tansiq.plans.actions.values import BadValueError, Value, checked_amount
from tansiq.plans.forms.fields import DayField, FigureField, Sentence
from tansiq.plans.models import Datapoint, Rule


class QuestionForm(GuardedForm, forms.Form):
    text = Sentence(
        label=gettext_lazy("What do you need to know?"),
        help_text=gettext_lazy("The place reads this first, and can then change its report."),
    )


class ReplyForm(GuardedForm, forms.Form):
    text = Sentence(label=gettext_lazy("Your reply"))


class AcceptForm(GuardedForm, forms.Form):
    answer = Sentence(
        label=gettext_lazy("Answer to the place"),
        help_text=gettext_lazy(
            "What follows from the report, and what you will do about their wishes. "
            "Leave it empty to answer later; the day by which you owe it stays."
        ),
        required=False,
    )


class AnswerForm(GuardedForm, forms.Form):
    answer = Sentence(label=gettext_lazy("Answer to the place"))


class ReopenForm(GuardedForm, forms.Form):
    text = Sentence(
        label=gettext_lazy("Why must it be opened again?"),
        help_text=gettext_lazy(
            "Its figures stop counting, here and everywhere above, until you accept it anew."
        ),
    )


class CorrectionForm(GuardedForm, forms.Form):
    """A new value in place of an accepted one."""

    number = FigureField(label=gettext_lazy("The right figure"))
    base = FigureField(label=gettext_lazy("Out of how many (base)"))
    as_of = DayField(label=gettext_lazy("As of"))
    reason = Sentence(
        label=gettext_lazy("What was wrong?"),
        help_text=gettext_lazy("The level above is told and reads this."),
        rows=2,
        most=1000,
    )

    def __init__(self, *arguments: Any, datapoint: Datapoint, **options: Any) -> None:
        self.datapoint, indicator = datapoint, datapoint.indicator
        first = {
            "number": indicator.as_number(datapoint.amount),
            "base": Decimal(datapoint.weight),
            "as_of": datapoint.as_of,
        }
        options["initial"] = first
        super().__init__(*arguments, **options)
        self.fields["number"] = FigureField(
            label=self.fields["number"].label, decimals=indicator.decimals
        )
        if indicator.rule != Rule.WEIGHTED:
            del self.fields["base"]

    def value(self) -> Value:
        base = self.cleaned_data.get("base")
        return Value(
            number=self.cleaned_data["number"],
            as_of=self.cleaned_data["as_of"],
            part=self.datapoint.part,
            base=self.datapoint.weight if base is None else int(base),
            note=self.datapoint.note,
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                checked_amount(self.datapoint.report, self.datapoint.indicator, self.value())
            except BadValueError as problem:
                self.add_error("number", str(problem))
        return cleaned


class WithdrawForm(GuardedForm, forms.Form):
    reason = Sentence(
        label=gettext_lazy("Why does this figure not count any more?"),
        help_text=gettext_lazy("The level above is told and reads this."),
        rows=2,
        most=1000,
    )

"""How people hold something, or let it hold longer."""

from django import forms
from django.utils.translation import gettext_lazy

from tansiq.access.guarding import GuardedForm
from tansiq.exchange.forms.agreements import DayField, Line


class UntilForm(GuardedForm, forms.Form):
    until = DayField(label=gettext_lazy("Until"))
    reason = Line(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Sender and recipients read this. Never a name."),
        most=300,
    )

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.core.guarding import GuardedForm
from tansiq.incidents.models import ReadinessReview


class ReviewForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # -- generic only for the checker
    class Meta:
        model = ReadinessReview
        fields = ("reviewed_on", "evidence", "note")
        widgets = {
            "reviewed_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "evidence": forms.TextInput({"dir": "auto"}),
            "note": forms.TextInput({"dir": "auto"}),
        }
        help_texts = {
            "evidence": _("An address or a place in your files, such as: folder 12, signed copy."),
        }

"""What a device says about a delivery, beside the report's own fields."""

from django import forms


class ArrivalForm(forms.Form):
    key = forms.UUIDField()
    then = forms.ChoiceField(choices=[("send", "send"), ("keep", "keep")])

    @property
    def mark(self) -> str:
        """Return the key as it is stored."""
        return str(self.cleaned_data["key"])

    @property
    def wants_to_send(self) -> bool:
        return bool(self.cleaned_data["then"] == "send")

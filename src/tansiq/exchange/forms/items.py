"""What somebody writes, for whom, and until when."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.guarding import GuardedForm
from tansiq.access.models import Marking, Organisation, Person
from tansiq.core.fields import RowsField
from tansiq.core.formats import short_day
from tansiq.core.uploads import BadFileError, clean_file
from tansiq.exchange.actions.items import Draft
from tansiq.exchange.audience import choice_of, value_of
from tansiq.exchange.keys import keys_in
from tansiq.exchange.models import Item, ItemKind
from tansiq.exchange.queries.audience import Offers, found_organisations, found_people

_MINUTE = "%Y-%m-%dT%H:%M"

KIND_SENTENCES: Final = {
    ItemKind.BRIEFING: gettext_lazy("What we know and what it means for you."),
    ItemKind.INFORMATION: gettext_lazy("We ask you to tell us something by a day."),
    ItemKind.SUPPORT: gettext_lazy("We ask you for people, means or advice."),
    ItemKind.OFFER: gettext_lazy("We have something that you may use."),
    ItemKind.WARNING: gettext_lazy("Something may happen soon; be ready."),
    ItemKind.GUIDANCE: gettext_lazy("How something is done, or should be."),
    ItemKind.CONSULTATION: gettext_lazy("Tell us what you think before we decide."),
    ItemKind.FEEDBACK: gettext_lazy("What we did, saw or learnt; you owe us an answer."),
    ItemKind.NOTICE: gettext_lazy("For your knowledge; nothing to do."),
}
# How many days each kind holds if nobody says anything else.
KIND_DAYS: Final = {
    ItemKind.BRIEFING: 90,
    ItemKind.INFORMATION: 60,
    ItemKind.SUPPORT: 60,
    ItemKind.OFFER: 90,
    ItemKind.WARNING: 14,
    ItemKind.GUIDANCE: 365,
    ItemKind.CONSULTATION: 120,
    ItemKind.FEEDBACK: 365,
    ItemKind.NOTICE: 30,
}


class KindRadios(forms.RadioSelect):
    """The kinds, each with a sentence."""

    template_name = "exchange/items/_kinds.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        options = [one for _group, some, _index in context["widget"]["optgroups"] for one in some]
        sentences = [KIND_SENTENCES[ItemKind(one["value"])] for one in options]
        return context | {"options": list(zip(options, sentences, strict=True))}


class ReachBoxes(forms.CheckboxSelectMultiple):
    template_name = "exchange/items/_reach.html"

    def __init__(self, *args: Any, offers: list[Offers], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offers = offers

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return context | {"offers": self.offers, "name": name, "chosen": set(value or [])}


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files; each cleaned one is a CleanFile."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        return [self._cleaned(file) for file in files if file]

    def _cleaned(self, file: Any) -> Any:
        try:
            return clean_file(super().clean(file))
        except BadFileError as problem:
            raise ValidationError(f"{file.name}: {problem}") from problem


class ItemForm(GuardedForm, forms.Form):
    """A draft. With the button "Find" nothing is checked: the page comes again with finds."""

    kind = forms.TypedChoiceField(
        label=gettext_lazy("What is it?"),
        choices=ItemKind.choices,
        coerce=ItemKind,
        initial=ItemKind.BRIEFING,
        widget=KindRadios,
    )
    reach = forms.MultipleChoiceField(label=gettext_lazy("Levels and groups"), required=False)
    organisations: Any = RowsField(
        label=gettext_lazy("Organisations by name"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people: Any = RowsField(
        label=gettext_lazy("Persons, under TLP:RED"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    find = forms.CharField(label=gettext_lazy("Find by name"), required=False, max_length=40)
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=gettext_lazy("One line. It may stand in a notice, so keep names of persons out."),
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 10, "dir": "auto"}),
        help_text=gettext_lazy("First what they should do, then why. No names of victims."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Written in"), choices=lambda: settings.LANGUAGES
    )
    marking = forms.ChoiceField(
        label=gettext_lazy("Who may read it"),
        choices=Marking.choices,
        initial=Marking.AMBER,
        widget=forms.RadioSelect,
    )
    reply_by = forms.DateTimeField(
        label=gettext_lazy("Answer by"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MINUTE),
        help_text=gettext_lazy("Only if you wait for words. They see the clock, and so do you."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Holds until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "After this day it is deleted, with proof. Empty: two weeks for a warning, a month "
            "for a notice, two to four months for most, a year for guidance and reports."
        ),
    )
    is_list_open = forms.BooleanField(
        label=gettext_lazy("Recipients see each other"),
        help_text=gettext_lazy("And how far each of them has come."),
        required=False,
        initial=True,
    )
    is_hub_wide = forms.BooleanField(
        label=gettext_lazy("Also for the countries of our hub"),
        help_text=gettext_lazy("Counts for TLP:CLEAR and TLP:GREEN only."),
        required=False,
    )
    purpose = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=gettext_lazy("An overseer reads this without seeing the content."),
    )
    papers = FilesField(
        label=pgettext_lazy("files that go with an item", "Files"),
        required=False,
        max_length=255,
        widget=FilesInput({"accept": ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.odt,.ods,.csv,.txt"}),
        help_text=gettext_lazy(
            "Send a photo only if nobody is recognisable in it, or everybody who is has agreed."
        ),
    )
    answers: Any = forms.ModelChoiceField(queryset=None, required=False, widget=forms.HiddenInput)
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        owner: Organisation,
        offers: list[Offers],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.is_looking = self.is_bound and self.data.get("then") == "find"
        reach: Any = self.fields["reach"]
        known = [(one.value, one.label) for group in offers for one in group.offers]
        reach.widget = ReachBoxes(offers=offers)
        reach.choices = known
        self._let_choose(actor, owner)

    def _let_choose(self, actor: Actor, owner: Organisation) -> None:
        """Offer who was chosen already and who was found; take anybody the actor knows."""
        find = str(self.data.get("find", "") if self.is_bound else "").strip()[:40]
        self.found = find
        for name, known, found in (
            (
                "organisations",
                Organisation.objects.visible_to(actor).filter(is_active=True).exclude(pk=owner.pk),
                found_organisations(actor, find, besides=owner.pk),
            ),
            (
                "people",
                Person.objects.visible_to(actor).filter(is_active=True).exclude(pk=actor.person_id),
                found_people(actor, find),
            ),
        ):
            field: Any = self.fields[name]
            field.queryset = known
            chosen = known.filter(pk__in=self._chosen(name))
            pairs = [(one.pk, str(one)) for one in {*chosen, *found}]
            field.choices = sorted(pairs, key=lambda pair: pair[1])
        answers: Any = self.fields["answers"]
        answers.queryset = Item.objects.visible_to(actor)

    def _chosen(self, name: str) -> list[int]:
        if not self.is_bound:
            return [int(pk) for pk in self.initial.get(name, [])]
        given = self.data.getlist(name) if hasattr(self.data, "getlist") else []
        return keys_in(given)

    def full_clean(self) -> None:
        if self.is_looking:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def is_valid(self) -> bool:
        return not self.is_looking and super().is_valid()

    def clean_title(self) -> str:
        title = str(self.cleaned_data["title"])
        if any(ord(sign) < ord(" ") for sign in title) or len(title.splitlines()) > 1:
            raise ValidationError(
                _("A title is one line. What comes after it belongs into the text.")
            )
        return title

    def clean_expires_on(self) -> dt.date:
        day: dt.date | None = self.cleaned_data["expires_on"]
        kind = self.cleaned_data.get("kind") or ItemKind.BRIEFING
        most = settings.EXCHANGE_LONGEST_DAYS
        if day is None:
            return self.today + dt.timedelta(days=min(KIND_DAYS[kind], most))
        if day < self.today:
            raise ValidationError(_("This day is over. Choose today or a later one."))
        if (day - self.today).days > most:
            raise ValidationError(
                ngettext(
                    "Nothing holds longer than %(number)s day here. Choose an earlier one.",
                    "Nothing holds longer than %(number)s days here. Choose an earlier one.",
                    most,
                )
                % {"number": most}
            )
        return day

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        reply_by, expires_on = given.get("reply_by"), given.get("expires_on")
        if reply_by and reply_by.date() < self.today:
            self.add_error("reply_by", _("This moment is over. Choose a later one."))
        elif reply_by and expires_on and reply_by.date() > expires_on:
            words = _(
                "It is deleted before, on %(day)s. Let it hold longer, or ask for it earlier."
            )
            day = short_day(expires_on, given.get("language") or "en")
            self.add_error("reply_by", words % {"day": day})
        return given

    def draft(self) -> Draft:
        given = self.cleaned_data
        is_red = given["marking"] == Marking.RED
        named = [{"to": "organisation", "pk": one.pk} for one in given["organisations"]]
        return Draft(
            kind=given["kind"],
            title=given["title"],
            text=given["text"],
            language=given["language"],
            expires_on=given["expires_on"],
            audience=[] if is_red else [*map(choice_of, given["reach"]), *named],
            people=[one.pk for one in given["people"]] if is_red else [],
            marking=given["marking"],
            is_hub_wide=given["is_hub_wide"],
            purpose=given["purpose"],
            reply_by=given["reply_by"],
            is_list_open=given["is_list_open"],
            answers=given["answers"],
            client_key=given["client_key"],
        )


def initial_of(item: Item, *, besides: int | None, offered: set[str]) -> dict[str, Any]:
    """Return what the form shows of a draft that stands already."""
    words = ("kind", "title", "text", "language", "marking", "expires_on", "reply_by")
    more = ("is_list_open", "is_hub_wide", "purpose", "revision")
    values = [value_of(choice) for choice in item.audience]
    by_name = [
        one["pk"]
        for one in item.audience
        if one.get("to") == "organisation" and value_of(one) not in offered
    ]
    people = item.named_people.exclude(pk=besides).values_list("pk", flat=True)
    return {
        **{name: getattr(item, name) for name in (*words, *more)},
        "reach": values,
        "organisations": by_name,
        "people": list(people),
        "answers": item.answers_id,
    }

"""A playbook as people write it: one task by fields, or all of it as text."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Marking
from tansiq.core.guarding import GuardedForm
from tansiq.incidents.forms.spans import OffsetField, SpanField
from tansiq.incidents.playbook import (
    Document,
    PlaybookError,
    Problem,
    TaskSpec,
    Words,
    read_playbook,
)
from tansiq.incidents.playbook.document import EVIDENCE, Evidence, Recurrence
from tansiq.incidents.playbook.tree import MOST_BYTES
from tansiq.incidents.playbook_words import EVIDENCE_WORDS

_MARKINGS = (Marking.GREEN, Marking.AMBER, Marking.AMBER_STRICT)


class StartForm(GuardedForm, forms.Form):
    """A playbook for one's own organisation, as a copy or from a file."""

    owner: Any = forms.ModelChoiceField(
        queryset=None, label=_("For which organisation"), empty_label=None
    )
    title = forms.CharField(
        label=_("Title"), max_length=160, widget=forms.TextInput({"dir": "auto"})
    )
    marking = forms.ChoiceField(
        label=_("Who may read it"),
        choices=[(one.value, one.label) for one in _MARKINGS],
        initial=Marking.GREEN,
    )
    file = forms.FileField(
        label=_("A playbook file (.yaml)"),
        required=False,
        help_text=_("Leave it empty to begin with the playbook named above."),
        widget=forms.FileInput({"accept": ".yaml,.yml,text/yaml"}),
    )

    def __init__(self, *arguments: Any, owners: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        owner: Any = self.fields["owner"]
        owner.queryset = owners
        self.problems: tuple[Mistake, ...] = ()
        self.document: Document | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if file := cleaned.get("file"):
            self.document, self.problems = _read(file.read(MOST_BYTES + 1))
            if self.problems:
                self.add_error("file", _t("This file has mistakes; see the lines named above."))
        return cleaned


class TextForm(GuardedForm, forms.Form):
    """The whole playbook as YAML; what is wrong is named by line, and nothing typed is lost."""

    text = forms.CharField(
        label=_("The playbook"),
        strip=False,
        widget=forms.Textarea(
            {"rows": 30, "spellcheck": "false", "dir": "ltr", "class": "code playbook-text"}
        ),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.problems: tuple[Mistake, ...] = ()
        self.document: Document | None = None

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        self.document, self.problems = _read(text)
        if self.problems:
            raise forms.ValidationError(_t("Nothing was saved. Mend the lines named above."))
        return text


@dataclass(frozen=True)
class Mistake:
    """A problem with what stands in its line, so that one finds it in a long text."""

    problem: Problem
    written: str

    def __str__(self) -> str:
        return str(self.problem)


def _read(content: str | bytes) -> tuple[Document | None, tuple[Mistake, ...]]:
    try:
        return read_playbook(content), ()
    except PlaybookError as error:
        text = content if isinstance(content, str) else content.decode(errors="replace")
        lines = ["", *text.splitlines()]
        return None, tuple(
            Mistake(one, lines[one.line].strip()[:120] if one.line < len(lines) else "")
            for one in error.problems
        )


class PublishForm(GuardedForm, forms.Form):
    """Why the new version is different."""

    note = forms.CharField(
        label=_("What changed, in one sentence"),
        max_length=400,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


_GROUPS = (
    ("key", "title", "detail", "keeps_translations"),
    ("role", "deputies"),
    ("phase", "due", "review", "after", "every", "until", "triggers"),
    ("evidence", "is_required", "checks"),
)


class TaskForm(GuardedForm, forms.Form):
    """One task of a playbook, its words in one language."""

    key = forms.RegexField(
        label=_("Key"),
        regex=r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
        max_length=20,
        help_text=_("Short and lasting, such as F-05. People say it on the telephone."),
        widget=forms.TextInput({"dir": "ltr"}),
    )
    title = forms.CharField(
        label=_("What to do"),
        max_length=160,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=_("Begin with a verb. No names of persons."),
    )
    detail = forms.CharField(
        label=_("How, and what to watch"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    keeps_translations = forms.BooleanField(
        label=_("The other languages still say the same"),
        required=False,
        help_text=_("Otherwise they are taken out until somebody translates the new words."),
    )
    phase = forms.ChoiceField(label=_("Phase"))
    role = forms.ChoiceField(label=_("Who does it"))
    deputies = forms.MultipleChoiceField(
        label=_("Deputies"), required=False, widget=forms.CheckboxSelectMultiple
    )
    due = OffsetField(label=_("Due"), required=False, help_text=_("Not for tasks of readiness."))
    review = SpanField(
        label=_("Looked at again every"),
        required=False,
        help_text=_("For tasks of readiness only."),
    )
    after = forms.CharField(
        label=_("Waits for"),
        required=False,
        max_length=400,
        help_text=_("Keys of other tasks, such as F-01, R-09."),
        widget=forms.TextInput({"dir": "ltr"}),
    )
    triggers = forms.MultipleChoiceField(
        label=_("For which events"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a choice: for all of them."),
    )
    every = SpanField(label=_("Comes again every"), required=False)
    until = OffsetField(label=_("until"), required=False)
    evidence = forms.ChoiceField(label=_("Shown by"), required=False)
    is_required = forms.BooleanField(label=_("It is not done without it"), required=False)
    checks = forms.MultipleChoiceField(
        label=_("Rights checks"), required=False, widget=forms.CheckboxSelectMultiple
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *arguments: Any,
        document: Document,
        task: TaskSpec | None,
        language: str,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.document, self.task, self.language = document, task, language
        named: Any = self.fields
        roles = [(one.key, f"{one.key} · {one.title}") for one in document.roles]
        named["phase"].choices = [(one.key, f"{one.key} · {one.title}") for one in document.phases]
        named["role"].choices = named["deputies"].choices = roles
        named["triggers"].choices = [(one.key, str(one.title)) for one in document.triggers]
        named["checks"].choices = [(one.key, str(one.title)) for one in document.checks]
        named["evidence"].choices = [("", "—"), *((one, EVIDENCE_WORDS[one]) for one in EVIDENCE)]
        if task is None or len(task.title.texts) < 2 or language != document.language:  # noqa: PLR2004 -- source and another
            del self.fields["keeps_translations"]
        if task is not None:
            self.initial.update(_initial(task, language))

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Yield the fields as people think of them."""
        legends = (_t("What"), _t("Who"), _t("When"), _t("How one sees that it is done"))
        for legend, names in zip(legends, _GROUPS, strict=True):
            yield legend, [self[name] for name in names if name in self.fields]

    def spec(self) -> TaskSpec:
        """Return the task as the form says it; what the form does not show stays as it is."""
        given = self.cleaned_data
        known = self.task or TaskSpec(
            key=given["key"], phase="", title=Words({}, self.document.language), role=""
        )
        evidence = given["evidence"] and Evidence(
            type=given["evidence"], is_required=given["is_required"]
        )
        changed = replace(
            known,
            key=given["key"],
            phase=given["phase"],
            title=self._words(known, "title"),
            detail=self._words(known, "detail"),
            role=given["role"],
            deputies=_in_known_order(given["deputies"], known.deputies),
            due=self._time(known, "due"),
            review=self._time(known, "review"),
            after=tuple(dict.fromkeys(given["after"].replace(",", " ").split())),
            triggers=_in_known_order(given["triggers"], known.triggers),
            evidence=evidence or None,
            repeats=self._repeats(known),
            checks=_in_known_order(given["checks"], known.checks),
        )
        return _own(changed, known)

    def _words(self, known: TaskSpec, name: str) -> Words:
        before: Words = getattr(known, name)
        text = self.cleaned_data[name].replace("\r\n", "\n").strip()
        if text == before.texts.get(self.language, ""):
            return before
        is_source = self.language == self.document.language
        if is_source and not self.cleaned_data.get("keeps_translations"):
            return Words({self.language: text} if text else {}, self.document.language)
        return replace(before, source=self.document.language).with_text(self.language, text)

    def _time(self, known: TaskSpec, name: str) -> Any:
        """Return the time of the form; one that no single number says stays until it is changed."""
        return self.cleaned_data[name] if name in self.changed_data else getattr(known, name)

    def _repeats(self, known: TaskSpec) -> Recurrence | None:
        if not {"every", "until"} & set(self.changed_data):
            return known.repeats
        every, until = self.cleaned_data["every"], self.cleaned_data["until"]
        return Recurrence(every=every, until=until) if every and until else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (
            bool(cleaned.get("every")) != bool(cleaned.get("until"))
            and "every" in self.changed_data
        ):
            self.add_error("until", _t("Say how often it comes again and until when, or neither."))
        return cleaned

    def show(self, error: PlaybookError) -> None:
        """Put each problem beside the field that it speaks of."""
        for problem in error.problems:
            parts = problem.path.split(".")
            name = parts[2] if len(parts) > 2 and parts[1] == self.cleaned_data["key"] else ""  # noqa: PLR2004 -- section, key, field
            name = {"repeats": "until"}.get(name, name)
            self.add_error(name if name in self.fields else None, problem.sentence)


def _initial(task: TaskSpec, language: str) -> dict[str, Any]:
    evidence = task.evidence
    return {
        "key": task.key,
        "title": task.title.texts.get(language, ""),
        "detail": task.detail.texts.get(language, ""),
        "phase": task.phase,
        "role": task.role,
        "deputies": list(task.deputies),
        "due": task.due,
        "review": task.review,
        "after": ", ".join(task.after),
        "triggers": list(task.triggers),
        "every": task.repeats.every if task.repeats else None,
        "until": task.repeats.until if task.repeats else None,
        "evidence": evidence.type if evidence else "",
        "is_required": bool(evidence and evidence.is_required),
        "checks": list(task.checks),
    }


def _own(changed: TaskSpec, known: TaskSpec) -> TaskSpec:
    """Mark as one's own what no longer says what its source supports."""
    if (changed.title, changed.detail) != (known.title, known.detail) and _source(
        changed
    ) != _source(known):
        changed = replace(changed, certainty="own")
    if changed.due != known.due:
        changed = replace(changed, due_sources=())
    return changed


def _source(task: TaskSpec) -> tuple[str, str]:
    return task.title.in_language(task.title.source), task.detail.in_language(task.title.source)


def _in_known_order(chosen: list[str], known: tuple[str, ...]) -> tuple[str, ...]:
    """Keep the order that was there, since the first deputy is called first; new ones come last."""
    kept = [key for key in known if key in chosen]
    return (*kept, *(key for key in chosen if key not in kept))

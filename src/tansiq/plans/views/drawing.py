"""Drawing a threat and resilience picture: begun, one factor a card, agreed, opened, removed."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.core.revised import RevisedForm
from tansiq.plans.actions import pictures as drawing
from tansiq.plans.factors import all_known
from tansiq.plans.forms.pictures import AgreeForm, FactorForm, MechanismForm, PictureForm
from tansiq.plans.models import Factor, FactorKind, Mechanism, Picture
from tansiq.plans.queries import pictures as reading
from tansiq.plans.queries.changes import latest_editor

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@form_view
def start(request: Request, code: str) -> HttpResponse:
    """Begin a picture, empty or from what was said last time."""
    lead = fetch(
        request.actor,
        "plans.picture_start",
        Organisation,
        place__code=code,
        is_lead_of_place=True,
        is_active=True,
    )
    assert lead.place is not None  # noqa: S101 -- it leads one
    picture = Picture(owner=lead, place=lead.place)
    last = reading.first_to_show(reading.pictures_of(request.actor, lead.place))
    form = PictureForm(request.POST or None, instance=picture, initial=_first(request, last))
    form.fields["is_like"] = forms.BooleanField(
        label=_("Begin with what was said last time"), required=False, initial=True
    )
    if last is None:
        del form.fields["is_like"]
    if form.is_valid():
        like = last if form.cleaned_data.get("is_like") else None
        try:
            made = drawing.start_picture(form.instance, by=request.actor, at=now(), like=like)
            return redirect("plans:picture_draw", code, made.pk)
        except drawing.PictureError as problem:
            form.add_error("starts_on", str(problem))
    return _form_page(
        request, picture, form, _("Begin a picture of %(place)s") % {"place": lead.place}
    )


def _first(request: Request, last: Picture | None) -> dict[str, Any]:
    """Propose the half year that is running, or the one after the last picture."""
    today = localdate()
    starts = date(today.year, 1 if today.month <= _JUNE else 7, 1)
    if last is not None and last.starts_on >= starts:
        starts = last.ends_on + timedelta(days=1)
    ends = date(starts.year, 6, 30) if starts.month <= _JUNE else date(starts.year, 12, 31)
    review = date(ends.year + 1, ends.month, 28)
    language = request.LANGUAGE_CODE if last is None else last.language
    return {"starts_on": starts, "ends_on": ends, "review_on": review, "language": language}


_JUNE = 6


def _draft(request: Request, code: str, pk: int) -> Picture:
    return fetch(request.actor, "plans.picture_edit", Picture, pk=pk, place__code=code)


@login_required
@require_GET
def draw(request: Request, code: str, pk: int) -> HttpResponse:
    """Show the draft as cards, and what the list still offers."""
    picture = _draft(request, code, pk)
    shown = reading.picture_page(request.actor, picture, on=localdate())
    return page(request, "plans/pictures/draw.html", {"picture": picture, "shown": shown})


@login_required
@form_view
def details(request: Request, code: str, pk: int) -> HttpResponse:
    picture = _draft(request, code, pk)
    form = PictureForm(request.POST or None, instance=picture)

    def save() -> None:
        changes = {name: value for name, value in form.changes().items() if name != "marking"}
        drawing.edit_picture(
            picture, changes, revision=form.seen_revision, by=request.actor, at=now()
        )

    return _edited(request, picture, form, save=save, heading=_("Period, purpose and review"))


@login_required
@form_view
def add_factor(request: Request, code: str, pk: int, factor: str) -> HttpResponse:
    picture = _draft(request, code, pk)
    known = all_known().get(factor)
    if known is None:
        raise Http404
    new = Factor(picture=picture, kind=FactorKind(known.kind), code=known.code)
    given = {"language": picture.language}
    return _factor_page(request, picture, new, initial=given)


@login_required
@form_view
def factor(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "plans.picture_factor", Factor, pk=pk)
    remove_url = reverse("plans:factor_remove", args=[pk])
    return _factor_page(request, found.picture, found, remove_url=remove_url)


def _factor_page(request: Request, picture: Picture, one: Factor, **options: Any) -> HttpResponse:
    remove_url = options.pop("remove_url", "")
    form = FactorForm(request.POST or None, instance=one, **options)

    def save() -> None:
        drawing.put_factor(
            one,
            form.changes() if one.pk else _new_values(form),
            asked=form.cleaned_data["asked"],
            revision=form.seen_revision,
            by=request.actor,
            at=now(),
        )

    known = all_known()[one.code]
    more = {"meaning": known.meaning, "remove_url": remove_url, "anchor": f"f-{one.code}"}
    return _edited(request, picture, form, save=save, heading=known.name, **more)


def _new_values(form: RevisedForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form._meta.fields or ()}


@login_required
@form_view
def add_mechanism(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "plans.picture_factor", Factor, pk=pk)
    new = Mechanism(factor=found, language=found.language)
    return _mechanism_page(request, new)


@login_required
@form_view
def mechanism(request: Request, pk: int) -> HttpResponse:
    found = fetch(request.actor, "plans.picture_mechanism", Mechanism, pk=pk)
    return _mechanism_page(request, found, remove_url=reverse("plans:mechanism_remove", args=[pk]))


def _mechanism_page(request: Request, one: Mechanism, *, remove_url: str = "") -> HttpResponse:
    form = MechanismForm(request.POST or None, instance=one)

    def save() -> None:
        drawing.put_mechanism(
            one,
            form.changes() if one.pk else _new_values(form),
            revision=form.seen_revision,
            by=request.actor,
            at=now(),
        )

    known = all_known()[one.factor.code]
    heading = _("What answers: %(factor)s") % {"factor": known.name}
    more = {"remove_url": remove_url, "anchor": f"f-{known.code}"}
    return _edited(request, one.factor.picture, form, save=save, heading=heading, **more)


def _edited(
    request: Request, picture: Picture, form: Any, *, save: Any, heading: str, **more: Any
) -> HttpResponse:
    """Save a form of the picture and go back to the cards; or show what is in the way."""
    anchor = more.pop("anchor", "")
    if not form.is_valid():
        return _form_page(request, picture, form, heading, **more)
    try:
        save()
    except ChangedMeanwhileError as problem:
        fresh = type(form)(instance=problem.current)
        more |= {
            "is_conflict": True,
            "differences": form.show_again(fresh),
            "changed_by": latest_editor(picture) or _("Somebody"),
            "changed_at": getattr(problem.current, "changed_at", None),
        }
        return _form_page(request, picture, form, heading, status=409, **more)
    except (drawing.PictureError, drawing.NotAboutPersonsError) as problem:
        form.add_error(None, str(problem))
        return _form_page(request, picture, form, heading, **more)
    return redirect(
        f"{reverse('plans:picture_draw', args=[picture.place.code, picture.pk])}#{anchor}"
    )


def _form_page(
    request: Request, picture: Picture, form: Any, heading: str, **more: Any
) -> HttpResponse:
    status = more.pop("status", 422 if form.errors else 200)
    back = reverse("plans:place_picture", args=[picture.place.code])
    if picture.pk:
        back = reverse("plans:picture_draw", args=[picture.place.code, picture.pk])
    context = {"picture": picture, "form": form, "heading": heading, "back_url": back} | more
    return page(request, "plans/pictures/form.html", context, status=status)


@login_required
@form_view
def agree(request: Request, code: str, pk: int) -> HttpResponse:
    picture = fetch(request.actor, "plans.picture_agree", Picture, pk=pk, place__code=code)
    today = localdate()
    form = AgreeForm(
        request.POST or None,
        initial={"on": today, "took_part": picture.took_part},
        above=reading.leads_above(picture.place),
        today=today,
    )
    if form.is_valid():
        try:
            drawing.agree_picture(picture, **form.cleaned_data, by=request.actor, at=now())
            messages.success(request, _("The picture is agreed and counts from now on."))
            return redirect(picture)
        except drawing.PictureError as problem:
            form.add_error(None, str(problem))
    heading = _("Agree on the picture")
    return _form_page(request, picture, form, heading, button=_("Agree"))


@login_required
@form_view
def reopen(request: Request, code: str, pk: int) -> HttpResponse:
    picture = fetch(request.actor, "plans.picture_reopen", Picture, pk=pk, place__code=code)
    if request.method == "POST":
        drawing.reopen_picture(picture, by=request.actor, at=now())
        return redirect("plans:picture_draw", code, pk)
    return _confirm(
        request,
        picture,
        question=_("Open this picture again?"),
        consequence=_("It counts no more until it is agreed anew; the one before it does."),
        label=_("Open it again"),
    )


@login_required
@form_view
def remove(request: Request, code: str, pk: int) -> HttpResponse:
    picture = fetch(request.actor, "plans.picture_remove", Picture, pk=pk, place__code=code)
    if request.method == "POST":
        drawing.remove_picture(picture, by=request.actor, at=now())
        messages.success(request, _("The picture is removed."))
        return redirect("plans:place_picture", code)
    return _confirm(
        request,
        picture,
        question=_("Remove this picture?"),
        consequence=_(
            "It is gone for everybody. The record keeps that it was there, not its words."
        ),
        label=_("Remove it for good"),
        is_danger=True,
    )


@login_required
@form_view
def remove_factor(request: Request, pk: int) -> HttpResponse:
    one = fetch(request.actor, "plans.picture_factor", Factor, pk=pk)
    picture, code = one.picture, one.picture.place.code
    if request.method == "POST":
        drawing.remove_factor(one, by=request.actor, at=now())
        return redirect("plans:picture_draw", code, picture.pk)
    return _confirm(
        request,
        picture,
        question=_("Take “%(factor)s” out of the picture?")
        % {"factor": all_known()[one.code].name},
        consequence=_("What was said to answer it goes with it."),
        label=_("Take it out"),
        is_danger=True,
    )


@login_required
@form_view
def remove_mechanism(request: Request, pk: int) -> HttpResponse:
    one = fetch(request.actor, "plans.picture_mechanism", Mechanism, pk=pk)
    picture = one.factor.picture
    if request.method == "POST":
        drawing.remove_mechanism(one, by=request.actor, at=now())
        return redirect("plans:picture_draw", picture.place.code, picture.pk)
    return _confirm(
        request,
        picture,
        question=_("Take “%(name)s” out?") % {"name": one.name},
        consequence=_("The factor may then stand without an answer."),
        label=_("Take it out"),
        is_danger=True,
    )


def _confirm(request: Request, picture: Picture, **words: Any) -> HttpResponse:
    context = {"picture": picture, "form": forms.Form(), "back_url": picture.get_absolute_url()}
    return page(request, "plans/pictures/confirm.html", context | words)

"""Addresses of plans and of what is reported on them. Those of a country begin with its code."""

from django.urls import path, register_converter

from tansiq.plans.views import (
    actions,
    activities,
    activity_import,
    answering,
    beside,
    decisions,
    duties,
    edit,
    evidence,
    indicators,
    matrix,
    onepage,
    plans,
    reports,
    writing,
)


class CountryCode:
    """Two small letters, such as "id"."""

    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CountryCode, "country")

app_name = "plans"
_PLAN = "<country:country>/plans/<slug:slug>/"
urlpatterns = [
    path("plans/", plans.index, name="index"),
    path("plans/start/", decisions.start, name="start"),
    path("reports/", reports.index, name="reports"),
    path("reports/periods/<int:pk>/", reports.period, name="period"),
    path("reports/periods/<int:pk>/remind/", reports.remind, name="period_remind"),
    path("reports/start/<int:pk>/<slug:code>/", reports.start, name="report_start"),
    path("reports/<int:pk>/", answering.show, name="report"),
    path("reports/<int:pk>/write/", writing.write, name="report_write"),
    path("reports/<int:pk>/keep/", writing.keep, name="report_keep"),
    path("reports/<int:pk>/send/", writing.send, name="report_send"),
    path("reports/<int:pk>/receipt/", reports.receipt, name="report_receipt"),
    path("reports/<int:pk>/accept/", answering.accept, name="report_accept"),
    path("reports/<int:pk>/return/", answering.send_back, name="report_return"),
    path("reports/<int:pk>/answer/", answering.answer, name="report_answer"),
    path("reports/<int:pk>/reopen/", answering.reopen, name="report_reopen"),
    path("reports/<int:pk>/reply/", answering.say, name="report_reply"),
    path("reports/<int:pk>/remind/", answering.remind, name="report_remind"),
    path("reports/<int:pk>/evidence/", evidence.add, name="evidence_add"),
    path("reports/values/<int:pk>/correct/", answering.correct, name="value_correct"),
    path("reports/values/<int:pk>/withdraw/", answering.withdraw, name="value_withdraw"),
    path("evidence/<int:pk>/", evidence.download, name="evidence"),
    path("evidence/<int:pk>/remove/", evidence.remove, name="evidence_remove"),
    path("activities/", activities.index, name="activities"),
    path("activities/export/", activities.export, name="activities_export"),
    path("activities/add/", activities.add, name="activity_add"),
    path("activities/import/", activity_import.upload, name="activities_import"),
    path("activities/template/", activity_import.template, name="activities_template"),
    path("activities/<int:pk>/", activities.show, name="activity"),
    path("activities/<int:pk>/edit/", activities.edit, name="activity_edit"),
    path("activities/<int:pk>/remove/", activities.remove, name="activity_remove"),
    path("places/<slug:code>/onepage/", onepage.show, name="one_page"),
    path("owed/", duties.owed, name="owed"),
    path("owed/<int:pk>/", duties.deliver, name="deliver"),
    path("owed/<int:pk>/confirm/", duties.confirm, name="delivery_confirm"),
    path("owed/<int:pk>/dispute/", duties.dispute, name="delivery_dispute"),
    path("owed/<int:pk>/remind/", duties.remind_of, name="delivery_remind"),
    path("owed/duties/<int:pk>/", duties.duty, name="duty"),
    path("owed/duties/<int:pk>/give/", duties.give, name="duty_give"),
    path("<country:country>/", plans.country, name="country"),
    path(_PLAN, plans.detail, name="detail"),
    path(f"{_PLAN}coverage/", matrix.coverage, name="coverage"),
    path(f"{_PLAN}coverage.csv", matrix.coverage_file, name="coverage_file"),
    path(f"{_PLAN}places/", matrix.places, name="places"),
    path(f"{_PLAN}places/<slug:code>/", matrix.place, name="place"),
    path(f"{_PLAN}beside/", beside.beside, name="beside"),
    path(f"{_PLAN}beside/link/", beside.link, name="link"),
    path(f"{_PLAN}beside/undo/<int:pk>/", beside.undo, name="undo"),
    path(f"{_PLAN}beside/<str:code>/adopt/", beside.adopt_one, name="adopt_one"),
    path(f"{_PLAN}beside/<str:code>/adapt/", beside.adapt, name="adapt"),
    path(f"{_PLAN}beside/<str:code>/refuse/", beside.refuse, name="refuse"),
    path(f"{_PLAN}actions/<str:code>/", actions.action, name="action"),
    path(f"{_PLAN}actions/<str:code>/status/", actions.status, name="status"),
    path(f"{_PLAN}milestones/<int:pk>/", actions.milestone, name="milestone"),
    path(f"{_PLAN}indicators/<str:code>/", indicators.indicator, name="indicator"),
    path(f"{_PLAN}indicators/<str:code>/figures.csv", indicators.figures_file, name="figures_file"),
    path(f"{_PLAN}edit/", edit.workshop, name="edit"),
    path(f"{_PLAN}edit/details/", edit.details, name="edit_details"),
    path(f"{_PLAN}edit/<slug:kind>/new/", edit.add, name="add"),
    path(f"{_PLAN}edit/<slug:kind>/<int:pk>/", edit.change, name="change"),
    path(f"{_PLAN}edit/<slug:kind>/<int:pk>/remove/", edit.remove, name="remove"),
    path(f"{_PLAN}adopt/", decisions.adopt, name="adopt"),
    path(f"{_PLAN}publish/", decisions.publish, name="publish"),
    path(f"{_PLAN}unpublish/", decisions.unpublish, name="unpublish"),
    path(f"{_PLAN}carry-down/", decisions.carry, name="carry_down"),
    path(f"{_PLAN}start-local/", decisions.start_local, name="start_local"),
]

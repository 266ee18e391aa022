"""A process that is killed while it saves a workbook leaves nothing of it behind."""

import signal

import pytest

from tests.databases import ROOT

pytestmark = pytest.mark.slow

BEGIN = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
"""
MAKE = (
    BEGIN
    + """
from tests.plans.workbooks import make_city
city = make_city()
print(city.things["action"].pk, city.report.pk)
"""
)
# The second of two reports is never reached: the machine loses its power before.
TAKE = (
    BEGIN
    + """
import os, signal
from django.utils.timezone import now
from tansiq.access.actor import Actor
from tansiq.plans.actions import workbooks
from tansiq.plans.models import Action, Report
from tansiq.plans.workbooks.steps import ReportStep, StatusStep, Steps
action, report = Action.objects.get(pk={action}), Report.objects.get(pk={report})
words = {{"narrative": "From the workbook", "blockers": "", "wishes": "", "language": "en"}}
steps = Steps(
    statuses=[StatusStep(action, "done")],
    reports=[ReportStep(report, words, {{}}), ReportStep(report, words, {{}})],
)
save, calls = workbooks.save_report, []
def save_once(*things, **more):
    if calls:
        print("killed in the middle", flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    calls.append(save(*things, **more))
    assert Report.objects.get(pk=report.pk).narrative == "From the workbook"
    assert Action.objects.get(pk=action.pk).status == "done"
if {dies}:
    workbooks.save_report = save_once
else:
    steps.reports.pop()
workbooks.take_steps(steps, by=Actor.system("a test"), at=now())
"""
)
LOOK = (
    BEGIN
    + """
from tansiq.access.models import LogEntry
from tansiq.plans.models import Action, Report
action, report = Action.objects.get(pk={action}), Report.objects.get(pk={report})
rules = LogEntry.objects.filter(rule__in=("plans.set_status", "plans.report_edit")).count()
print(action.status, report.narrative == "From the workbook", rules)
"""
)


def test_killed_import_changes_nothing_and_can_be_done_again(instance):
    action, report = map(int, instance.script(MAKE).split())
    names = {"action": action, "report": report}

    process = instance.start_script(TAKE.format(**names, dies=True))
    said, _errors = process.communicate(timeout=60)

    assert (process.returncode, "killed in the middle" in said) == (-signal.SIGKILL, True), said
    assert instance.script(LOOK.format(**names)) == "not_started False 0"
    instance.script(TAKE.format(**names, dies=False))
    assert instance.script(LOOK.format(**names)) == "done True 1"

"""What an overseer finds: a refused look, a file that was taken, one thing opened with a reason."""

from datetime import datetime

from tansiq.access.actions.oversight import open_sealed
from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking
from tansiq.access.queries import actor_for
from tansiq.home.demo.nation import Nation
from tansiq.plans.actions.evidence import open_evidence
from tansiq.plans.models import Activity, Evidence, Report


def plan_oversight(nation: Nation) -> None:
    country = nation.content.country

    def actor(role: str) -> Actor:
        return actor_for(nation.cast.people[f"{role}@{country}.demo"], at=nation.story.at)

    def be_refused(at: datetime) -> None:
        """Let somebody of civil society ask for two things that are not meant for them."""
        sealed = Activity.objects.filter(owner__country_code=country, marking=Marking.RED).first()
        report = Report.objects.filter(owner__country_code=country).order_by("pk").first()
        why = {"why": "not visible"}
        record(actor("society"), "refused:plans.activity_view", sealed, at=at, detail=why)
        record(actor("society"), "refused:plans.report_view", report, at=at, detail=why)

    def take_file(at: datetime) -> None:
        evidence = Evidence.objects.filter(report__owner__country_code=country).first()
        if evidence is not None:
            with open_evidence(evidence, by=nation.by, at=at):
                pass

    def open_one(at: datetime) -> None:
        sealed = Activity.objects.get(owner__country_code=country, marking=Marking.AMBER_STRICT)
        open_sealed(sealed, reason=nation.content["opened"], by=actor("overseer"), at=at)

    nation.story.ago(1.5, take_file)
    nation.story.ago(4, be_refused)
    nation.story.ago(9, open_one)

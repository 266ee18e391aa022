"""A playbook small enough to read, for tests that are not about the shipped one."""

from tansiq.incidents.playbook.document import (
    Document,
    Duration,
    Offset,
    PhaseSpec,
    Recurrence,
    RoleSpec,
    TaskSpec,
    TriggerSpec,
    Words,
)
from tansiq.incidents.playbook.document import Evidence as EvidenceSpec


def words(text, **others):
    return Words({"en": text} | others)


def small_playbook(*more):
    """Return three phases, two roles and four tasks; `more` adds tasks."""
    return Document(
        key="small",
        title=words("Small playbook"),
        triggers=(
            TriggerSpec(key="attack_in_city", title=words("attack in the city")),
            TriggerSpec(key="hoax_or_threat", title=words("threat or hoax")),
        ),
        phases=(
            PhaseSpec(key="P0", title=words("Readiness")),
            PhaseSpec(
                key="P1",
                title=words("First hour", id="Jam pertama"),
                begins=Offset.read("T0"),
                ends=Offset.read("T0+PT1H"),
            ),
            PhaseSpec(
                key="P2",
                title=words("Golden hours"),
                begins=Offset.read("T0+PT1H"),
                ends=Offset.read("T0+PT6H"),
            ),
        ),
        roles=(
            RoleSpec(key="COORD", title=words("Coordinator"), is_lead=True),
            RoleSpec(key="COMMS", title=words("Communications", id="Komunikasi")),
        ),
        tasks=(
            TaskSpec(
                key="R-01",
                phase="P0",
                title=words("Write the plan"),
                role="COORD",
                review=Duration.read("P12M"),
            ),
            TaskSpec(
                key="F-01",
                phase="P1",
                title=words("Confirm with the police", id="Pastikan dengan polisi"),
                role="COORD",
                due=Offset.read("T0+PT10M"),
            ),
            TaskSpec(
                key="F-05",
                phase="P1",
                title=words("Publish the holding statement"),
                role="COMMS",
                deputies=("COORD",),
                due=Offset.read("T0+PT30M"),
                after=("F-01",),
                evidence=EvidenceSpec(type="statement", is_required=True),
            ),
            TaskSpec(
                key="G-02",
                phase="P2",
                title=words("Open the family point"),
                role="COORD",
                due=Offset.read("T0+PT2H"),
                triggers=("attack_in_city",),
                repeats=Recurrence(every=Duration.read("P1D"), until=Offset.read("T0+P3D")),
            ),
            *more,
        ),
    )

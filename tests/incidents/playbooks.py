"""A small playbook for tests, and any playbook for properties."""

from hypothesis import strategies as st

from tansiq.incidents.playbook import document as format_
from tansiq.incidents.playbook.document import (
    TRIGGERS,
    CheckSpec,
    Condition,
    Document,
    Evidence,
    PhaseSpec,
    QuestionSpec,
    Recurrence,
    RoleSpec,
    SourceSpec,
    StatementSpec,
    TaskSpec,
    TriggerSpec,
)
from tansiq.incidents.playbook.times import Duration, Offset
from tansiq.incidents.playbook.words import Words

SMALL = """\
key: small
title: A small playbook
sources:
  - key: GUIDE
    title: A guide
    certainty: verified
triggers:
  - key: attack_in_city
    title: An attack in the city
  - key: hoax_or_threat
    title: A hoax or a threat
questions:
  - key: people_killed
    title: Were people killed?
phases:
  - key: P0
    title: Readiness
  - key: P1
    title: First hour
    begins: T0
    ends: T0+PT1H
  - key: P8
    title: Long term
    begins: T0+P1Y
roles:
  - key: MAYOR
    title: Mayor
    is_lead: yes
  - key: COMMS
    title: Spokesperson
checks:
  - key: no_names
    title: No names of victims
windows:
  - key: first
    title: First hour
    begins: T0
    ends: T0+PT1H
statements:
  - key: holding
    title: First words
    kind: holding
    window: first
    text:
      en: We are aware of an event in {place}. Next update at {time}.
      fr: Un incident est en cours à {place}. Prochain point à {time}.
exercises:
  - key: play
    title: A story
    trigger: hoax_or_threat
    injects:
      - key: call
        at: T0+PT5M
        title: A call comes in
        to: [COMMS]
tasks:
  - key: R-01
    phase: P0
    title: Write the holding statements
    role: COMMS
    review: P6M
  - key: F-01
    phase: P1
    title: Confirm the event
    role: MAYOR
    deputies: [COMMS]
    due: T0+PT10M
    sources: [GUIDE]
    certainty: verified
  - key: F-02
    phase: P1
    title: Say what is known
    role: COMMS
    due: PT30M
    after:
      - F-01
      - R-01
    triggers: [attack_in_city]
    condition:
      level: partial
      answers:
        people_killed: no
    repeats:
      every: PT1H
      until: T0+P1D
    evidence:
      type: statement
      is_required: yes
    checks: [no_names]
    if_late: [MAYOR]
  - key: Y-01
    phase: P8
    title: Warn families before each date
    role: MAYOR
    due: milestone-P14D
    after: [F-02]
"""

KEYS = st.from_regex(r"[A-Za-z][A-Za-z0-9_\-]{0,8}", fullmatch=True)
# What people write: any letters, quotes, colons, line breaks; braces have a meaning of their own.
TEXTS = (
    st.text(
        st.characters(
            codec="utf-8",
            exclude_categories=("Cc", "Cs", "Zl", "Zp"),
            exclude_characters="{}\ufeff",
        )
        | st.just("\n"),
        min_size=1,
        max_size=60,
    )
    .map(str.strip)
    .filter(bool)
)


@st.composite
def words(draw, source):
    others = draw(st.dictionaries(st.sampled_from(["ar", "fr", "id", "fil"]), TEXTS, max_size=2))
    return Words(others | {source: draw(TEXTS)}, source)


def some_of(keys):
    return (
        st.lists(st.sampled_from(keys), unique=True, max_size=3).map(tuple) if keys else st.just(())
    )


@st.composite
def tasks(draw, number, earlier, names, source):
    minutes = number * 5
    after = draw(some_of(earlier))
    repeats = draw(
        st.none()
        | st.integers(1, 48).map(
            lambda hours: Recurrence(
                every=Duration(hours=hours), until=Offset("T0", Duration(days=30))
            )
        )
    )
    role = draw(st.sampled_from(names["roles"]))
    return TaskSpec(
        key=f"T-{number}",
        phase="P1",
        title=draw(words(source)),
        detail=draw(words(source)),
        role=role,
        deputies=tuple(one for one in draw(some_of(names["roles"])) if one != role),
        due=Offset("T0", Duration(minutes=minutes)),
        after=after,
        triggers=draw(some_of(list(TRIGGERS))),
        condition=draw(
            st.none()
            | st.builds(
                Condition,
                level=st.sampled_from(["", "watch", "partial", "full"]),
                answers=st.dictionaries(st.sampled_from(names["questions"]), st.booleans()),
            )
        ),
        repeats=repeats,
        evidence=draw(
            st.none()
            | st.builds(Evidence, type=st.sampled_from(format_.EVIDENCE), is_required=st.booleans())
        ),
        checks=draw(some_of(names["checks"])),
        if_late=draw(some_of(names["roles"])),
        sources=draw(some_of(names["sources"])),
        certainty=draw(st.sampled_from(format_.CERTAINTIES)),
    )


@st.composite
def documents(draw):
    """Any playbook that holds: each task waits for earlier ones only."""
    source = draw(st.sampled_from(["en", "fr", "ar"]))
    names = {
        section: draw(st.lists(KEYS, min_size=1, max_size=3, unique=True))
        for section in ("roles", "questions", "checks", "sources")
    }
    found = []
    for number in range(draw(st.integers(1, 4))):
        earlier = [task.key for task in found]
        found.append(draw(tasks(number, earlier, names, source)))
    return Document(
        key=draw(KEYS),
        language=source,
        title=draw(words(source)),
        sources=tuple(SourceSpec(key=k, title=draw(words(source))) for k in names["sources"]),
        triggers=tuple(TriggerSpec(key=k, title=draw(words(source))) for k in TRIGGERS),
        questions=tuple(QuestionSpec(key=k, title=draw(words(source))) for k in names["questions"]),
        phases=(
            PhaseSpec(
                key="P1",
                title=draw(words(source)),
                begins=Offset("T0"),
                ends=Offset("T0", Duration(hours=1)),
            ),
        ),
        roles=tuple(
            RoleSpec(
                key=k,
                title=draw(words(source)),
                holders=draw(st.dictionaries(st.sampled_from(["id", "no", "ph"]), TEXTS)),
                is_lead=True,
            )
            for k in names["roles"]
        ),
        checks=tuple(CheckSpec(key=k, title=draw(words(source))) for k in names["checks"]),
        statements=tuple(
            draw(
                st.lists(
                    st.builds(
                        StatementSpec,
                        key=KEYS,
                        title=words(source),
                        kind=st.sampled_from(format_.STATEMENTS),
                        text=words(source),
                    ),
                    max_size=2,
                    unique_by=lambda one: one.key,
                )
            )
        ),
        tasks=tuple(found),
    )

from tansiq.incidents.models.base import InRoom, KeptInRoom
from tansiq.incidents.models.calls import Activation, Answer, AnsweredBy, Call
from tansiq.incidents.models.channels import Channel, Outgoing, OutgoingState
from tansiq.incidents.models.incidents import Incident, IncidentStatus, Level, Trigger
from tansiq.incidents.models.knowing import Decision, Fact, FactState, FactVersion
from tansiq.incidents.models.log import Entry, EntryKind
from tansiq.incidents.models.playbooks import Playbook, PlaybookVersion
from tansiq.incidents.models.posts import Post
from tansiq.incidents.models.presence import Presence
from tansiq.incidents.models.support import (
    SupportKind,
    SupportMessage,
    SupportRequest,
    SupportState,
    Urgency,
)
from tansiq.incidents.models.tasks import Seat, Task, TaskState

__all__ = [
    "Activation",
    "Answer",
    "AnsweredBy",
    "Call",
    "Channel",
    "Decision",
    "Entry",
    "EntryKind",
    "Fact",
    "FactState",
    "FactVersion",
    "InRoom",
    "Incident",
    "IncidentStatus",
    "KeptInRoom",
    "Level",
    "Outgoing",
    "OutgoingState",
    "Playbook",
    "PlaybookVersion",
    "Post",
    "Presence",
    "Seat",
    "SupportKind",
    "SupportMessage",
    "SupportRequest",
    "SupportState",
    "Task",
    "TaskState",
    "Trigger",
    "Urgency",
]

from tansiq.incidents.models.base import (
    InRoom,
    KeptInRoom,
)
from tansiq.incidents.models.calls import (
    Activation,
    Answer,
    AnsweredBy,
    Call,
)
from tansiq.incidents.models.channels import (
    Channel,
    Outgoing,
    OutgoingState,
)
from tansiq.incidents.models.incidents import (
    Incident,
    IncidentStatus,
    Level,
    Trigger,
)
from tansiq.incidents.models.knowing import (
    Decision,
    Fact,
    FactState,
    FactVersion,
)
from tansiq.incidents.models.log import (
    Entry,
    EntryKind,
)
from tansiq.incidents.models.needs import (
    AffectedGroup,
    FamiliesCount,
    Match,
    Need,
    NeedKind,
    NeedSource,
    NeedState,
    Raised,
    Service,
    ServiceActivity,
    ServiceState,
)
from tansiq.incidents.models.playbooks import (
    Playbook,
    PlaybookVersion,
)
from tansiq.incidents.models.posts import (
    Post,
)
from tansiq.incidents.models.presence import (
    Presence,
)
from tansiq.incidents.models.rumours import (
    Correction,
    Harm,
    HeardIn,
    Outcome,
    Rumour,
    RumourCheck,
    RumourStatus,
)
from tansiq.incidents.models.support import (
    SupportKind,
    SupportMessage,
    SupportRequest,
    SupportState,
    Urgency,
)
from tansiq.incidents.models.tasks import (
    Seat,
    Task,
    TaskState,
)
from tansiq.incidents.models.tension import (
    Confidence,
    Domain,
    HateCount,
    HateKind,
    HateSource,
    TensionBasis,
    TensionLevel,
    TensionReading,
    WatchDecision,
    WatchStep,
)

__all__ = [
    "Activation",
    "AffectedGroup",
    "Answer",
    "AnsweredBy",
    "Call",
    "Channel",
    "Confidence",
    "Correction",
    "Decision",
    "Domain",
    "Entry",
    "EntryKind",
    "Fact",
    "FactState",
    "FactVersion",
    "FamiliesCount",
    "Harm",
    "HateCount",
    "HateKind",
    "HateSource",
    "HeardIn",
    "InRoom",
    "Incident",
    "IncidentStatus",
    "KeptInRoom",
    "Level",
    "Match",
    "Need",
    "NeedKind",
    "NeedSource",
    "NeedState",
    "Outcome",
    "Outgoing",
    "OutgoingState",
    "Playbook",
    "PlaybookVersion",
    "Post",
    "Presence",
    "Raised",
    "Rumour",
    "RumourCheck",
    "RumourStatus",
    "Seat",
    "Service",
    "ServiceActivity",
    "ServiceState",
    "SupportKind",
    "SupportMessage",
    "SupportRequest",
    "SupportState",
    "Task",
    "TaskState",
    "TensionBasis",
    "TensionLevel",
    "TensionReading",
    "Trigger",
    "Urgency",
    "WatchDecision",
    "WatchStep",
]

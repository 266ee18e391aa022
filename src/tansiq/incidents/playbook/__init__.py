"""Playbooks as data: read, checked, written and compared. Knows no tables.

`read_playbook` makes a Document of a YAML file or says what is wrong on which line;
`write_playbook` is its way back; `differences` compares two.
"""

from tansiq.incidents.playbook.differing import Difference, differences
from tansiq.incidents.playbook.document import TRIGGERS, Condition, Document, TaskSpec
from tansiq.incidents.playbook.problems import PlaybookError, Problem
from tansiq.incidents.playbook.reading import read_playbook
from tansiq.incidents.playbook.times import Duration, Offset
from tansiq.incidents.playbook.translating import missing_words, translated, write_words
from tansiq.incidents.playbook.words import Words
from tansiq.incidents.playbook.writing import write_playbook

__all__ = [
    "TRIGGERS",
    "Condition",
    "Difference",
    "Document",
    "Duration",
    "Offset",
    "PlaybookError",
    "Problem",
    "TaskSpec",
    "Words",
    "differences",
    "missing_words",
    "read_playbook",
    "translated",
    "write_playbook",
    "write_words",
]

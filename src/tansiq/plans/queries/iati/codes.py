"""What our words are called in the code lists of IATI 2.03."""

VERSION = "2.03"
# OECD DAC, five digits: civilian peace-building, conflict prevention and resolution.
SECTOR_VOCABULARY, SECTOR = "1", "15220"
# Vocabulary 2 of tags: the goals of sustainable development; 16 is peace and justice.
TAG_VOCABULARY, TAG, TAG_WORDS = "2", "16", "Peace, justice and strong institutions"
FUNDING, ACCOUNTABLE, IMPLEMENTING = "1", "2", "4"
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
COMMITMENT, EXPENDITURE = "2", "4"
PARENT, CHILD = "1", "2"
APPROXIMATE = "2"
GENERAL_ENQUIRIES = "1"
ORIGINAL, INDICATIVE = "1", "1"

ORGANISATION_TYPES = {
    "national_body": "10",
    "ministry": "10",
    "police": "10",
    "security": "15",
    "elected": "11",
    "province": "11",
    "city": "11",
    "village": "11",
    "civil_society": "22",
    "women": "22",
    "youth": "22",
    "religious": "22",
    "school": "80",
    "health": "15",
    "media": "90",
    "private": "70",
    "hub": "23",
    "oversight": "15",
}
SOURCE_TYPES = {"state": "10", "regional": "11", "local": "11", "donor": "90", "in_kind": "90"}
_PIPELINE, _UNDER_WAY, _FINALISED, _CANCELLED = "1", "2", "4", "5"
PLAN_STATUS = {
    "draft": _PIPELINE,
    "adopted": _PIPELINE,
    "under_way": _UNDER_WAY,
    "review": _UNDER_WAY,
    "expired": _FINALISED,
}
ACTION_STATUS = {
    "not_started": _PIPELINE,
    "on_track": _UNDER_WAY,
    "at_risk": _UNDER_WAY,
    "delayed": _UNDER_WAY,
    "done": _FINALISED,
    "cancelled": _CANCELLED,
}
BEGUN = {_UNDER_WAY, _FINALISED}
OVER = {_FINALISED}
DOCUMENT_CATEGORIES = {
    "legal": "A02",
    "plan": "A02",
    "report": "A08",
    "evaluation": "A07",
    "other": "A12",
}

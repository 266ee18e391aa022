"""What is looked at before a statement goes out. Plain functions on plain data, without models.

`findings_in(draft)` returns what was found. A *stop* keeps a statement from being released until
it is mended or a leader sets it aside with a reason; a *hint* only asks to look again. The words
come from `data/statement_words.toml`, in six languages, and everybody can read them there.
"""

from tansiq.incidents.statement_checks.draft import Draft, Finding, Text, Weight
from tansiq.incidents.statement_checks.findings import findings_in
from tansiq.incidents.statement_checks.wording import sentence_of

__all__ = ["Draft", "Finding", "Text", "Weight", "findings_in", "sentence_of"]

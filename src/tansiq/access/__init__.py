"""Who is who and who may see and do what: people, organisations, places, the gate, the log.

A person becomes a member of an organisation with a role and a term, and consents to it; when
the term ends the membership stops counting, and nothing else needs to be done. Every other
part asks here; no part answers for itself.
"""

"""Exchange: the formal way in which levels tell, ask, answer and owe each other something.

An item goes from one organisation to many. Each recipient has a receipt that says what became of
it: received, read, understood, will act, cannot because. Who contributes upward is owed an answer;
who stands above owes briefings as those below owe reports. What expires is deleted with proof.
Knows `access` and `core`.
"""

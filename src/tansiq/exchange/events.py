from django.dispatch import Signal

# Each is sent inside the transaction of its cause; `at` is the moment of the action.
# An item was sent. Carries `item` and `receipts` (those that were made just now) and `at`.
item_sent = Signal()

# A recipient said what it makes of an item. Carries `receipt` and `at`.
receipt_acknowledged = Signal()

# Somebody wrote an answer. Carries `reply` and `at`.
reply_written = Signal()

# The sender took an item back. Carries `item` and `at`.
item_recalled = Signal()

"""The database marks the months of which something changed, in the same transaction as the change.

Triggers, not calls in actions: a bulk update, a forwarded item or a bundle of another instance
cannot be forgotten. Each change adds a row of its own, so that writers never wait for each other
and a change that commits while its month is counted leaves a mark behind. They are put up after
every migration, because SQLite drops them when it rebuilds a table.
"""

from typing import Any, Final

from django.db import connections

# What of a receipt and of an item the figures depend on; of the state only whether it is "cannot".
_RECEIPT: Final = (
    "item_id",
    "organisation_id",
    "person_id",
    "sent_at",
    "reply_by",
    "acknowledged_at",
    "answered_at",
    "decided_at",
    "direction",
    "from_level",
    "to_level",
)
_TABLES: Final = frozenset({"exchange_item", "exchange_receipt", "exchange_tallymark"})
_NAMES: Final = (
    "tally_receipt_added",
    "tally_receipt_removed",
    "tally_receipt_changed",
    "tally_item_changed",
)
_ITEM: Final = ("owner_id", "kind", "marking", "sent_at", "recalled_at", "reply_by")


def put_up(**given: Any) -> None:
    """Create the triggers, or leave them as they are; hears `post_migrate`."""
    connection = connections[given["using"]]
    with connection.cursor() as cursor:
        if not set(connection.introspection.table_names(cursor)) >= _TABLES:
            return
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)


def take_down(**given: Any) -> None:
    """Let SQLite rebuild tables that the triggers name; hears `pre_migrate`."""
    connection = connections[given["using"]]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in _NAMES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def _changed(columns: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"OLD.{one} {differs} NEW.{one}" for one in columns)


def _mark(row: str) -> str:
    return (
        "INSERT INTO exchange_tallymark (month)"
        f" SELECT substr({row}.sent_at, 1, 7) || '-01' WHERE {row}.sent_at IS NOT NULL;"
    )


_SQLITE: Final = (
    "CREATE TRIGGER IF NOT EXISTS tally_receipt_added AFTER INSERT ON exchange_receipt BEGIN"
    f" {_mark('NEW')} END",
    "CREATE TRIGGER IF NOT EXISTS tally_receipt_removed AFTER DELETE ON exchange_receipt BEGIN"
    f" {_mark('OLD')} END",
    "CREATE TRIGGER IF NOT EXISTS tally_receipt_changed AFTER UPDATE ON exchange_receipt"
    f" WHEN {_changed(_RECEIPT, 'IS NOT')} OR (OLD.state = 'cannot') IS NOT (NEW.state = 'cannot')"
    f" BEGIN {_mark('OLD')} {_mark('NEW')} END",
    "CREATE TRIGGER IF NOT EXISTS tally_item_changed AFTER UPDATE ON exchange_item"  # noqa: S608 -- fixed text of our own
    f" WHEN {_changed(_ITEM, 'IS NOT')} BEGIN"
    " INSERT INTO exchange_tallymark (month) SELECT DISTINCT substr(sent_at, 1, 7) || '-01'"
    " FROM exchange_receipt WHERE item_id = NEW.id; END",
)


def _month(moment: str) -> str:
    return f"date_trunc('month', {moment} AT TIME ZONE 'UTC')::date"


_POSTGRESQL: Final = (
    # No name here comes from outside.
    f"""
    CREATE OR REPLACE FUNCTION tansiq_tally_rows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO exchange_tallymark (month) SELECT DISTINCT {_month("sent_at")} FROM touched;
        RETURN NULL;
    END $$
    """,  # noqa: S608 -- fixed text of our own
    f"""
    CREATE OR REPLACE FUNCTION tansiq_tally_receipt() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO exchange_tallymark (month) VALUES ({_month("NEW.sent_at")});
        IF {_month("OLD.sent_at")} <> {_month("NEW.sent_at")} THEN
            INSERT INTO exchange_tallymark (month) VALUES ({_month("OLD.sent_at")});
        END IF;
        RETURN NULL;
    END $$
    """,  # noqa: S608 -- fixed text of our own
    f"""
    CREATE OR REPLACE FUNCTION tansiq_tally_item() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO exchange_tallymark (month)
            SELECT DISTINCT {_month("sent_at")} FROM exchange_receipt WHERE item_id = NEW.id;
        RETURN NULL;
    END $$
    """,  # noqa: S608 -- fixed text of our own
    "CREATE OR REPLACE TRIGGER tally_receipt_added AFTER INSERT ON exchange_receipt"
    " REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION tansiq_tally_rows()",
    "CREATE OR REPLACE TRIGGER tally_receipt_removed AFTER DELETE ON exchange_receipt"
    " REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION tansiq_tally_rows()",
    "CREATE OR REPLACE TRIGGER tally_receipt_changed AFTER UPDATE ON exchange_receipt"
    f" FOR EACH ROW WHEN ({_changed(_RECEIPT, 'IS DISTINCT FROM')}"
    " OR (OLD.state = 'cannot') IS DISTINCT FROM (NEW.state = 'cannot'))"
    " EXECUTE FUNCTION tansiq_tally_receipt()",
    "CREATE OR REPLACE TRIGGER tally_item_changed AFTER UPDATE ON exchange_item"
    f" FOR EACH ROW WHEN ({_changed(_ITEM, 'IS DISTINCT FROM')})"
    " EXECUTE FUNCTION tansiq_tally_item()",
)

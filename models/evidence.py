# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Database triggers that keep evidence as it was received.

The ORM can be bypassed; a trigger holds for every client of the database.
"""

import hashlib

from odoo.tools import SQL

FUNCTION = "payment_hub_forbid_evidence_change"
TRIGGER = "payment_hub_evidence"


def protect_evidence(cr, table, columns):
    """Forbid DELETE and TRUNCATE of ``table`` and UPDATE of ``columns``.

    :param str table: an existing table
    :param list columns: names of the columns that hold evidence
    """
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION %s() RETURNS trigger AS $$
            BEGIN
                RAISE EXCEPTION '%% of %% refused: evidence is never changed',
                    TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
            END $$ LANGUAGE plpgsql
            """,
            SQL.identifier(FUNCTION),
        )
    )
    wanted = dict(_triggers(table, columns))
    cr.execute(
        SQL(
            "SELECT tgname FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND tgname LIKE %s",
            table,
            f"{TRIGGER}_%",
        )
    )
    present = {name for (name,) in cr.fetchall()}
    # What is right stays untouched: to replace a trigger locks the table, and an
    # upgrade of the addon runs while messages come in.
    for name in present - wanted.keys():
        cr.execute(
            SQL("DROP TRIGGER %s ON %s", SQL.identifier(name), SQL.identifier(table))
        )
    for name in wanted.keys() - present:
        cr.execute(wanted[name])


def _triggers(table, columns):
    """Yield name and statement of each trigger; another condition, another name."""
    changed = SQL(" OR ").join(
        SQL("OLD.%s IS DISTINCT FROM NEW.%s", column, column)
        for column in map(SQL.identifier, columns)
    )
    digest = hashlib.sha256(" ".join(columns).encode()).hexdigest()[:8]
    for operation, condition, version in (
        ("UPDATE", SQL("FOR EACH ROW WHEN (%s)", changed), f"_{digest}"),
        ("DELETE", SQL("FOR EACH ROW"), ""),
        ("TRUNCATE", SQL("FOR EACH STATEMENT"), ""),
    ):
        name = f"{TRIGGER}_{operation.lower()}{version}"
        yield (
            name,
            SQL(
                "CREATE TRIGGER %s BEFORE %s ON %s %s EXECUTE FUNCTION %s()",
                SQL.identifier(name),
                SQL(operation),
                SQL.identifier(table),
                condition,
                SQL.identifier(FUNCTION),
            ),
        )


def drop_evidence_triggers(cr):
    """Drop the function and, with it, all triggers that call it."""
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(FUNCTION)))

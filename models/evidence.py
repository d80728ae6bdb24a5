# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Database triggers that keep evidence as it was received.

The ORM can be bypassed; a trigger holds for every client of the database.
"""

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
    changed = SQL(" OR ").join(
        SQL("OLD.%s IS DISTINCT FROM NEW.%s", column, column)
        for column in map(SQL.identifier, columns)
    )
    for operation, condition in (
        ("UPDATE", SQL("FOR EACH ROW WHEN (%s)", changed)),
        ("DELETE", SQL("FOR EACH ROW")),
        ("TRUNCATE", SQL("FOR EACH STATEMENT")),
    ):
        trigger = SQL.identifier(f"{TRIGGER}_{operation.lower()}")
        table_sql = SQL.identifier(table)
        cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, table_sql))
        cr.execute(
            SQL(
                "CREATE TRIGGER %s BEFORE %s ON %s %s EXECUTE FUNCTION %s()",
                trigger,
                SQL(operation),
                table_sql,
                condition,
                SQL.identifier(FUNCTION),
            )
        )


def drop_evidence_triggers(cr):
    """Drop the function and, with it, all triggers that call it."""
    cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", SQL.identifier(FUNCTION)))

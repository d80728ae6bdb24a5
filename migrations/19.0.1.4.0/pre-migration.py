# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Columns that are there already are not computed by Odoo, all rows in one go."""

from odoo.tools import sql

COLUMNS = {
    "payment_hub_event": {
        "batch": "varchar",
        "settled_minor": "int8",
        "settled_currency": "varchar(3)",
        "settled_exponent": "int4",
    },
    "payment_hub_posting": {"batch": "varchar"},
}


def migrate(cr, version):
    """Add what 19.0.1.3.0 did not have."""
    for table, columns in COLUMNS.items():
        for name, type_ in columns.items():
            if not sql.column_exists(cr, table, name):
                sql.create_column(cr, table, name, type_)

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Field types that the evidence tables need and Odoo does not ship."""

from odoo import fields


class BigInt(fields.Integer):
    """Integer column of 8 bytes.

    Odoo's Integer is int4 and overflows at 21,474,836.47 in a currency of two
    decimals, and its cursor turns numeric into float.
    """

    _column_type = ("int8", "int8")


class LooseMany2one(fields.Many2one):
    """Many2one without a foreign key.

    A foreign key makes every insert lock the referenced row (FOR KEY SHARE), and
    under REPEATABLE READ a concurrent change of that row then fails the insert.
    Deliveries must not fail because someone edits the connection's name.
    """

    def update_db_foreign_key(self, model, column):
        return

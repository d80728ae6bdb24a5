# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A column that is there already is not computed by Odoo, all rows in one go."""

from odoo.tools import sql


def migrate(cr, version):
    """Add what 19.0.1.3.0 did not have."""
    if not sql.column_exists(cr, "payment_hub_posting", "batch"):
        sql.create_column(cr, "payment_hub_posting", "batch", "varchar")
    cr.execute(
        "UPDATE queue_job SET method_name = '_job_try_again'"
        " WHERE method_name = '_job_apply_deposits'"
        "   AND state NOT IN ('done', 'cancelled')"
    )

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import uuid

from odoo import http
from odoo.http import request
from odoo.tools import SQL


def route(path):
    """A route that does as little around its handler as Odoo lets it."""
    return http.route(
        path,
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )


class Routes(http.Controller):
    @route("/payment_hub_bench/empty")
    def empty(self):
        """Do nothing: what is left is the price of a request to Odoo."""
        return ""

    @route("/payment_hub_bench/floor")
    def floor(self):
        """Store the body and commit: what is left is the price of keeping it."""
        request.env.cr.execute(
            SQL(
                """
                INSERT INTO payment_hub_bench_floor (
                    connection_id, dedupe_key, body, source, received_at, state
                ) VALUES (1, %s, %s, 'webhook', now() AT TIME ZONE 'UTC', 'pending')
                """,
                str(uuid.uuid4()),
                request.httprequest.get_data(),
            )
        )
        return ""

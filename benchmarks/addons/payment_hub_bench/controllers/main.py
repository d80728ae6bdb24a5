# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import http


class EmptyRoute(http.Controller):
    @http.route(
        "/payment_hub_bench/empty",
        type="http",
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
    )
    def empty(self):
        """Do nothing: what is left is the price of a request to Odoo."""
        return ""

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The person at work in the demonstration's company, through Odoo's own API."""

import xmlrpc.client

from demo_database import DATABASE

LOGIN = PASSWORD = "admin"


def post_document(url, document_id):
    """Post a draft invoice or credit note."""
    common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
    user_id = common.authenticate(DATABASE, LOGIN, PASSWORD, {})
    models = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object", allow_none=True)
    models.execute_kw(
        DATABASE, user_id, PASSWORD, "account.move", "action_post", [[document_id]]
    )

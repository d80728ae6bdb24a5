# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The person at work in the demonstration's company, through Odoo's own API."""

import base64
import xmlrpc.client

from demo_database import DATABASE

LOGIN = PASSWORD = "admin"


def post_document(url, document_id):
    """Post a draft invoice or credit note."""
    _client(url)("account.move", "action_post", [document_id])


def import_report(url, provider, content):
    """Import a settlement report of a provider's only connection."""
    call = _client(url)
    [connection] = call(
        "payment.hub.connection", "search", [["provider", "=", provider]]
    )
    file = call(
        "ir.attachment",
        "create",
        {"name": "settlement.csv", "datas": base64.b64encode(content).decode()},
    )
    wizard = call(
        "payment.hub.report.import",
        "create",
        {"connection_id": connection, "file_ids": [[6, 0, [file]]]},
    )
    call("payment.hub.report.import", "action_import", [wizard])


def _client(url):
    """Return a function (model, method, *arguments) that asks Odoo as the clerk."""
    common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
    user_id = common.authenticate(DATABASE, LOGIN, PASSWORD, {})
    models = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/object", allow_none=True)

    def call(model, method, *arguments):
        return models.execute_kw(
            DATABASE, user_id, PASSWORD, model, method, list(arguments)
        )

    return call

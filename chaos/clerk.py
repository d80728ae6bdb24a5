# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The person who retries what was blamed without reason, through Odoo's own API."""

import http.client
import json

import base
from tools import odoo_server, steps

LOGIN = PASSWORD = "admin"
TIMEOUT = 60  # seconds
BLAMED = """
    SELECT exception.id, delivery.body
      FROM payment_hub_exception exception
      JOIN payment_hub_delivery delivery ON delivery.id = exception.delivery_id
     WHERE exception.cause IN ('processing_crashed', 'processing_error')
       AND exception.state IN ('open', 'acknowledged')
"""


def find_blamed(world):
    """Return the ids of the exceptions that healthy messages have become."""
    poison = {message.body for message in world.poisons}
    return [id_ for id_, body in base.query(BLAMED) if bytes(body) not in poison]


def retry(port, ids):
    """Retry exceptions as the administrator."""
    login = [base.DATABASE, LOGIN, PASSWORD, {}]
    user_id = _call(port, "common", "authenticate", login)
    for id_ in ids:
        order = ["payment.hub.exception", "action_retry", [[id_]]]
        _call(port, "object", "execute_kw", [base.DATABASE, user_id, PASSWORD, *order])


def _call(port, service, method, arguments):
    params = {"service": service, "method": method, "args": arguments}
    exchange = http.client.HTTPConnection(odoo_server.HOST, port, timeout=TIMEOUT)
    try:
        exchange.request(
            "POST",
            "/jsonrpc",
            json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            {"Content-Type": "application/json"},
        )
        answer = json.loads(exchange.getresponse().read())
    finally:
        exchange.close()
    if "error" in answer:
        message = answer["error"]["data"]["message"]
        raise steps.SetupError(f"Odoo refused {method}: {message}")
    return answer["result"]

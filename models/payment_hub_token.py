# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import time

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

KEPT = 60  # seconds, at most


class PaymentHubToken(models.AbstractModel):
    """What the token in the webhook's URL leads to, without a query once it is known.

    Odoo tells the other processes of a change after its commit and before the answer,
    and each request asks for such news first. Should the process die in between, what
    they keep is asked for anew after a minute.
    """

    _name = "payment.hub.token"
    _description = "Token of a Webhook"

    @api.model
    def _find(self, token):
        """Return what the webhook needs to know of the active connection, as a dict.

        Unknown and disabled tokens give None, and cost the same single query.
        """
        now = fields.Datetime.now()
        try:
            rows = [
                row
                for row in self._rows(token, int(time.time()) // KEPT)
                if not row[-1] or row[-1] > now
            ]
        except LookupError:
            return None
        if not rows:
            return None  # the secrets have ended since
        ids, names, urls, secret_ids, ciphertexts, _ends = zip(*rows, strict=True)
        return {
            "id": ids[0],
            "provider": names[0],
            "url": urls[0],
            "secret_ids": secret_ids,
            "ciphertexts": ciphertexts,
        }

    @api.model
    @ormcache("token", "age")
    def _rows(self, token, age):
        """Return a row for each active signing secret, the newest first.

        Raises LookupError when there is none, so that nothing unknown is kept: anybody
        could fill the cache with it.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT connection.id, connection.provider, connection.webhook_url,
                       secret.id, secret.ciphertext, secret.valid_until
                  FROM payment_hub_connection connection
                  JOIN payment_hub_secret secret
                    ON secret.connection_id = connection.id AND secret.active
                   AND secret.name = 'signing_secret'
                   AND (secret.valid_until IS NULL
                        OR secret.valid_until > now() AT TIME ZONE 'UTC')
                 WHERE connection.token = %s AND connection.state = 'active'
              ORDER BY secret.id DESC
                """,
                token,
            )
        )
        if not rows:
            raise LookupError
        return rows

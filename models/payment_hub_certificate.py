# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta
from zlib import crc32

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.errors import EngineError
from ..engine.providers.client import Missing

_logger = logging.getLogger(__name__)

# Whoever knows the webhook's URL can name addresses of the provider: so many jobs at a
# time for each connection, this long after they were asked for, and no more rows.
JOBS = 16
PAUSE = timedelta(seconds=5)
MAX_KEPT = 100
FRESH = timedelta(minutes=1)  # not fetched once more


class PaymentHubCertificate(models.Model):
    """A certificate with which a provider signs its messages, kept by its address.

    The webhook calls nobody while it receives: it asks for the certificate to be
    fetched by a job, and the provider to send the message again.
    """

    _name = "payment.hub.certificate"
    _description = "Provider Certificate"
    _order = "fetched_at desc, id desc"
    _rec_name = "url"

    url = fields.Char(string="Address", required=True, readonly=True)
    pem = fields.Text(string="Certificate", required=True, readonly=True)
    fetched_at = fields.Datetime(string="Fetched", readonly=True)

    _url_unique = models.UniqueIndex("(url)")

    @api.model
    def _pem(self, url):
        """Return the PEM text of the certificate at this address; "" if unknown."""
        return self.sudo().search([("url", "=", url)], limit=1).pem or ""

    @api.model
    def _fetch_soon(self, connection_id, url):
        """Have a job fetch it; another address takes its place only by bad luck."""
        place = crc32(url.encode()) % JOBS
        connection = self.env["payment.hub.connection"].sudo().browse(connection_id)
        connection.with_delay(
            identity_key=f"payment_hub.certificate.{connection_id}.{place}",
            eta=PAUSE,
            description=self.env._("Fetch a certificate of %s", connection.name),
        )._job_fetch_certificate(url)

    @api.model
    def _fetch(self, connection, url):
        """Fetch and keep it. What it is worth is checked whenever it is used."""
        lately = fields.Datetime.now() - FRESH
        if self.sudo().search_count([("url", "=", url), ("fetched_at", ">", lately)]):
            self.env["payment.hub.exception"]._certificate_found(connection)
            return
        try:
            pem = connection._client().certificate(url)
        except Missing as error:
            # Made up by somebody who knows the webhook's URL: shown there.
            _logger.warning("A certificate was not there: %s", error)
            self.env["payment.hub.refusal"]._record(
                connection.id, "certificate_missing", None
            )
            return
        except (EngineError, UserError) as error:
            _logger.warning("A certificate was not fetched: %s", error)
            self.env["payment.hub.exception"]._certificate_missing(connection, error)
            return
        # One that has ended is renewed under its address; and another connection may
        # fetch the same one at this moment.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO payment_hub_certificate (url, pem, fetched_at)
                     VALUES (%s, %s, now() AT TIME ZONE 'UTC')
                ON CONFLICT (url) DO UPDATE
                        SET pem = EXCLUDED.pem, fetched_at = EXCLUDED.fetched_at
                """,
                url,
                pem,
            )
        )
        self.invalidate_model()
        self.sudo().search([], offset=MAX_KEPT).unlink()
        self.env["payment.hub.exception"]._certificate_found(connection)

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PaymentHubCertificate(models.Model):
    """A certificate with which a provider signs its messages, kept by its address.

    The webhook calls nobody while it receives: it asks for the certificate to be
    fetched by a job, and the provider to send the message again.
    """

    _name = "payment.hub.certificate"
    _description = "Provider Certificate"
    _order = "id desc"
    _rec_name = "url"

    url = fields.Char(string="Address", required=True, readonly=True)
    pem = fields.Text(string="Certificate", required=True, readonly=True)

    _url_unique = models.UniqueIndex("(url)")

    @api.model
    def _pem(self, url):
        """Return the PEM text of the certificate at this address; "" if unknown."""
        return self.sudo().search([("url", "=", url)], limit=1).pem or ""

    @api.model
    def _fetch_soon(self, connection_id, url):
        """Have a job fetch it. One at a time for each connection."""
        connection = self.env["payment.hub.connection"].sudo().browse(connection_id)
        connection.with_delay(
            identity_key=f"payment_hub.certificate.{connection_id}",
            description=self.env._("Fetch a certificate of %s", connection.provider),
        )._job_fetch_certificate(url)

    @api.model
    def _fetch(self, connection, url):
        """Fetch and keep it. What it is worth is checked whenever it is used."""
        if not self._pem(url):
            pem = connection._client().certificate(url)
            self.sudo().create({"url": url, "pem": pem})

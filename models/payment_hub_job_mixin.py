# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from odoo.addons.queue_job.exception import RetryableJobError


class PaymentHubJobMixin(models.AbstractModel):
    """What queue jobs do for a connection."""

    _name = "payment.hub.job.mixin"
    _description = "Queue Jobs of a Connection"

    def _job_drain(self):
        """Process what is due on this lane."""
        count = self.env["payment.hub.lane"]._drain(self)
        if count is not None:
            self.env["payment.hub.exception"]._lane_is_tended(self)
        return count

    def _job_try_again(self, event_ids):
        """Process events once more whose payments may fit an invoice now."""
        events = self.env["payment.hub.event"].browse(event_ids)
        self.env["payment.hub.lane"]._process_later(events.attestation_ids.delivery_id)

    def _job_realise_exchange(self, since):
        """Go on realising exchange differences, where a batch had enough of them.

        :param date since: day of the first movement of the batch
        :raises RetryableJobError: while a drain has the lane
        """
        lane = self.env["payment.hub.lane"]
        if not lane._try_lock(self):
            raise RetryableJobError("The lane is busy", seconds=10, ignore_retry=True)
        lane._begin_turn(self)
        self.env["payment.hub.exchange"]._realise_for(self, since)

    def _job_look_up(self):
        """Ask the provider for what messages only named."""
        self.env["payment.hub.lookup"]._look_up_due(self)

    def _job_fetch_certificate(self, url):
        """Fetch a certificate that a message named."""
        self.env["payment.hub.certificate"]._fetch(self, url)

    def _job_ask_balance(self):
        """Ask the provider what it owes."""
        return self.env["payment.hub.reading"]._ask_or_log(self)

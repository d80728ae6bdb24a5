# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class PaymentHubWaitingMixin(models.AbstractModel):
    """A posting that is decided, and waits to be booked together with others."""

    _name = "payment.hub.waiting.mixin"
    _description = "Waiting for the Entry of a Day or a Settlement"

    is_waiting = fields.Boolean(
        string="Waits for Its Entry",
        compute="_compute_is_waiting",
        search="_search_is_waiting",
        help="Booked when its day is over, or when its settlement is proven.",
    )
    waits_for = fields.Char(
        string="Waits for",
        compute="_compute_waits_for",
        help="The day that has to be over, or the settlement that has to be proven.",
    )
    waits_until = fields.Char(
        compute="_compute_waits_until",
        help="With what, and when, it is booked.",
    )

    @api.depends("move_id", "is_reversed")
    def _compute_is_waiting(self):
        for posting in self:
            posting.is_waiting = not posting.move_id and not posting.is_reversed

    def _search_is_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = [("move_id", "=", False), ("is_reversed", "=", False)]
        return fields.Domain(waiting) if True in value else ~fields.Domain(waiting)

    @api.depends("is_waiting", "granularity", "date", "batch")
    def _compute_waits_for(self):
        for posting in self:
            posting.waits_for = posting.is_waiting and posting._waits_for()

    @api.depends("is_waiting", "granularity", "date", "due_date", "batch")
    def _compute_waits_until(self):
        for posting in self:
            posting.waits_until = posting.is_waiting and posting._waits_until()

    def _waits_for(self):
        """Name the day, or the settlement; nothing where it is booked alone."""
        if self.granularity == "day":
            return self.env._("End of %s", format_date(self.env, self.date))
        if self.granularity == "settlement":
            return (
                self.env._("Settlement %s", self.batch)
                if self.batch
                else self.env._("Settlement Not Told Yet")
            )
        return False

    def _gathered(self):
        """Tell a person with what it is booked."""
        if self.granularity == "day":
            return self.env._(
                "In one entry with the others of %s.", format_date(self.env, self.date)
            )
        return (
            self.env._("In one entry with all of settlement %s.", self.batch)
            if self.batch
            else self.env._("In one entry with its settlement.")
        )

    def _waits_until(self):
        """Tell a person with what, and when, it is booked."""
        if self.granularity == "day":
            return self._waits_until_day()
        if self.granularity == "settlement":
            return self._waits_until_settlement()
        return self.env._(
            "Booked alone, when its event is processed again. The exceptions of the "
            "event say what is in the way."
        )

    def _waits_until_day(self):
        day = {
            "day": format_date(self.env, self.date),
            "next": format_date(self.env, self.due_date + timedelta(days=1)),
        }
        today = self.connection_id._provider_day(datetime.now(timezone.utc))
        if self.due_date < today:
            return self.env._(
                "Booked in one entry with the others of %(day)s, within the hour: the "
                "day is over. If it is not, an exception of one of them says why.",
                **day,
            )
        return self.env._(
            "Booked in one entry with the others of %(day)s, when that day is over in "
            "the provider's calendar: on %(next)s.",
            **day,
        )

    def _waits_until_settlement(self):
        if not self.batch:
            return self.env._(
                "Booked in one entry with its settlement. The provider has not told "
                "yet which one that is: a settlement report or its balance entries do."
            )
        if self.env["payment.hub.grouping"]._is_ended(self.connection_id, self.batch):
            return self.env._(
                "Booked in one entry with all of settlement %s, when that adds up to "
                "its payout. The page of the payout shows what is missing.",
                self.batch,
            )
        return self.env._(
            "Booked in one entry with all of settlement %s, when it is paid out and "
            "adds up to its payout.",
            self.batch,
        )

    def action_book_alone(self):
        """Book those that wait at once, each by an entry of its own."""
        self.connection_id._check_manager()
        waiting = self.filtered("is_waiting")
        if not waiting:
            raise UserError(self.env._("These postings do not wait for an entry."))
        waiting.sudo().granularity = "event"
        deliveries = waiting.event_id.attestation_ids.delivery_id
        self.env["payment.hub.lane"]._process_now(deliveries)
        if left := waiting.filtered("is_waiting"):
            raise UserError(
                self.env._(
                    "%(posting)s could not be booked: %(why)s",
                    posting=left[0].posting_key,
                    why=left[0]._obstacle(),
                )
            )

    def _obstacle(self):
        """What a person has to do first, as the event's open exception says."""
        exceptions = self.event_id.exception_ids.filtered("is_open")
        return exceptions[:1].detail or exceptions[:1].display_name

    def action_open_payout(self):
        """Open the payout, or the batch not paid out yet, that it is part of."""
        return self._payouts()._open()

    def _payouts(self):
        """The payouts of the postings' settlements."""
        batches = self.grouped("connection_id")
        return self.env["payment.hub.payout"].search(
            fields.Domain.OR(
                [
                    ("connection_id", "=", connection.id),
                    ("batch", "in", list(set(postings.mapped("batch")) - {False})),
                ]
                for connection, postings in batches.items()
            )
        )

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get


class PaymentHubCalendar(models.Model):
    """When the provider's day begins, from a date on.

    Providers close their books at midnight somewhere, or at an hour that the merchant
    chooses and may change: an event after it belongs to the next day of their reports.
    """

    _name = "payment.hub.calendar"
    _description = "Provider's Calendar"
    _order = "connection_id, valid_from desc"
    _rec_name = "tz"

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    valid_from = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="First day, in this calendar, that begins so.",
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
    )
    day_start = fields.Float(
        string="Day Begins At",
        help="Hour of that time zone; what is earlier belongs to the day before.",
    )

    _once = models.UniqueIndex("(connection_id, valid_from)")

    @api.constrains("day_start")
    def _check_day_start(self):
        for calendar in self:
            if not 0 <= calendar.day_start < 24:
                raise ValidationError(
                    self.env._("A day begins between 00:00 and 23:59.")
                )

    def _day(self, moment):
        """The calendar's day of a moment (aware)."""
        start = timedelta(minutes=round(self.day_start * 60))
        # On the wall clock: a day may have 23 or 25 hours.
        local = moment.astimezone(ZoneInfo(self.tz)).replace(tzinfo=None)
        return (local - start).date()

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .mapping_treatments import POSTABLE

COUNTED_DAYS = 90
LOOKED_AT = 500  # events, the newest ones: to tell who decides takes time
MOST_OTHERS = 10  # rows that are shown though they do not fit


class PaymentHubMappingPreviewMixin(models.AbstractModel):
    """Tells what rows of the mapping decide, and why others do not."""

    _name = "payment.hub.mapping.preview.mixin"
    _description = "What a Row of the Account Mapping Decides"

    decided_count = fields.Integer(
        string="Events Booked",
        compute="_compute_decided_count",
        help="Events of the last 90 days that are booked as this row says.",
    )

    def _compute_decided_count(self):
        counts = dict.fromkeys(self.ids, 0)
        for version, count in self.env["payment.hub.posting"]._read_group(
            self._decided_domain(), ["mapping_version_id"], ["event_id:count_distinct"]
        ):
            counts[version.mapping_id.id] += count
        for row in self:
            row.decided_count = counts.get(row.id, 0)

    def _decided_domain(self):
        since = fields.Datetime.now() - timedelta(days=COUNTED_DAYS)
        return [
            ("mapping_version_id.mapping_id", "in", self.ids),
            ("is_reversed", "=", False),
            ("event_id.occurred_at", ">=", since),
        ]

    def action_open_decided(self):
        """Open the postings of the last 90 days that this row decided."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decided by %s", self.display_name),
            "res_model": "payment.hub.posting",
            "view_mode": "list,form",
            "domain": self._decided_domain(),
        }

    def action_preview(self):
        """Show what the latest events of this row would post."""
        self.ensure_one()
        return self.env["payment.hub.preview.dialog"]._open(
            self.env._("What This Row Posts"), mapping_id=self.id
        )

    def _latest_events(self, limit=5):
        """The latest events that this row decides about today.

        :return: (events, how many were looked at)
        """
        events = self.env["payment.hub.event"].search(
            self._events_domain(), order="occurred_at desc, id desc", limit=LOOKED_AT
        )
        rules = self._rules(self.company_id)
        found = events.browse()
        for event in events:
            day = _day(event)
            deciding = [rules.choose(one, day) for one in event._criteria_of_parts()]
            if any(rule and rule.id == self.id for rule in deciding):
                found += event
                if len(found) == limit:
                    break
        return found, len(events)

    def _events_domain(self):
        """Events that may be this row's; sources may tell some criteria later."""
        domain = Domain("connection_id.company_id", "=", self.company_id.id)
        domain &= Domain(
            "type", "in", [self.event_type] if self.event_type else POSTABLE
        )
        for name in ("connection_id", "provider_code", "currency"):
            if self[name]:
                domain &= Domain(name, "=", self[name])
        # A day is the provider's, so that it may begin and end some hours elsewhere.
        margin = timedelta(days=1)
        if self.valid_from:
            first = datetime.combine(self.valid_from, time.min) - margin
            domain &= Domain("occurred_at", ">=", first)
        if self.valid_to:
            last = datetime.combine(self.valid_to, time.max) + margin
            domain &= Domain("occurred_at", "<=", last)
        return domain

    # === why ===

    @api.model
    def _explain(self, company, criteria, day):
        """Return the row that decides, and [(row, why it does or does not)].

        :param dict criteria: as for ``_choose``
        """
        fitting = self.browse(
            rule.id for rule in self._rules(company).fitting(criteria, day)
        )
        told = [(row, self._why_fitting(row, fitting[0])) for row in fitting]
        others = self.search(
            [
                *self._scope_domain(company),
                ("event_type", "in", [criteria["event_type"], False]),
                ("id", "not in", fitting.ids),
            ]
        )
        missed = {row: row._to_rule().missed(criteria) for row in others}
        nearest = others.sorted(lambda row: (len(missed[row]), row.priority, row.id))
        told += [
            (row, row._why_missed(missed[row], criteria))
            for row in nearest[:MOST_OTHERS]
        ]
        return fitting[:1], told

    @api.model
    def _why_fitting(self, row, first):
        if row == first:
            return self.env._("Decides.")
        if row.priority != first.priority:
            return self.env._(
                "Fits too, but its priority %(priority)s comes after %(first)s.",
                priority=row.priority,
                first=first.priority,
            )
        return self.env._("Fits too, but asks for less.")

    def _why_missed(self, missed, criteria):
        if not missed:
            return self.env._("Is not valid on the day of the event.")
        wanted = self._criteria()
        return self.env._(
            "Asks for %s.",
            ", ".join(
                self.env._(
                    "%(field)s %(wanted)s (the event: %(given)s)",
                    field=self._label(self._rule_keys[key]),
                    wanted=self._shown(key, wanted[key]),
                    given=self._shown(key, criteria.get(key)) or self.env._("nothing"),
                )
                for key in missed
            ),
        )

    @api.model
    def _shown(self, key, value):
        if key == "connection" and value:
            return self.env["payment.hub.connection"].browse(value).display_name
        return value


def _day(event):
    return event.connection_id._provider_day(event._moment("occurred"))

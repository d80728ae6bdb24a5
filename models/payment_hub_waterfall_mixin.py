# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..engine import payouts
from ..engine.events import EVENT_TYPES
from .money import amount_to_float

PAYOUT = "payout"  # the last bar
PAYOUT_TYPES = [name for name, one in EVENT_TYPES.items() if one.group == "payout"]


class PaymentHubWaterfallMixin(models.AbstractModel):
    """The way of a payout from gross to bank, by what the provider tells of its batch.

    Amounts are the provider's, not the ledger's: what is posted of them is told beside.
    """

    _name = "payment.hub.waterfall.mixin"
    _description = "From Gross to Bank"

    waterfall = fields.Json(
        compute="_compute_waterfall",
        help="Bars with amounts as text, and positions in percent.",
    )
    proof_state = fields.Selection(
        [
            ("unlisted", "Batch Not Told"),
            ("open", "No Payout Yet"),
            ("proven", "Proven"),
            ("differs", "Differs"),
        ],
        compute="_compute_waterfall",
    )
    proof = fields.Char(
        compute="_compute_waterfall",
        help="Whether what the batch holds adds up to its payout.",
    )
    is_fully_posted = fields.Boolean(compute="_compute_waterfall")
    unposted = fields.Char(
        compute="_compute_waterfall", help="What of it is not in the ledger."
    )

    waiting = fields.Char(
        compute="_compute_waterfall",
        help="What of it is decided, and waits for its entry.",
    )

    def _compute_waterfall(self):
        for payout in self:
            found = payout._waterfall()
            state = payout._proof_state(found)
            bars = payout._bars(found)
            payout.proof_state = state
            payout.proof = payout._proof_text(state, found)
            payout.waterfall = {"bars": bars if found.steps else []}
            missing = [bar for bar in bars if bar["unposted"]]
            payout.is_fully_posted = not missing
            payout.waiting = payout._waiting_text()
            payout.unposted = bool(missing) and self.env._(
                "Not in the ledger: %s.",
                ", ".join(f"{bar['label']} {bar['unposted']}" for bar in missing),
            )

    def _waterfall(self):
        """The engine's Waterfall of the payout."""
        movements = self._movements()
        own = [one for one in movements if one.is_own]
        is_listed = payouts.SENT in {one.event_type for one in own}
        sent = self.event_ids.filtered(lambda event: event.type == payouts.SENT)
        if self.object_type and self.currency and not is_listed and (sent or not own):
            posted = sum(sent.posting_ids.filtered(_is_booked).mapped("moved_minor"))
            movements.append(
                payouts.Movement(
                    payouts.SENT, -self.amount_minor, posted, len(sent), is_own=True
                )
            )
        return payouts.waterfall(movements)

    def _movements(self):
        """What the provider lists in the batch, as the engine's movements."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT event.type, sum(event.settled_minor)::int8,
                       COALESCE(sum(booked.minor), 0)::int8, count(*),
                       (event.payout_id = %(payout)s
                        AND event.type IN %(types)s) IS TRUE AS is_own
                  FROM payment_hub_event event
                  LEFT JOIN LATERAL (
                       SELECT sum(posting.moved_minor) AS minor
                         FROM payment_hub_posting posting
                        WHERE posting.event_id = event.id
                          AND posting.moved_currency = event.settled_currency
                          AND posting.is_on_balance
                          AND posting.is_reversed IS NOT TRUE
                          AND posting.move_id IS NOT NULL) booked ON TRUE
                 WHERE event.connection_id = %(connection)s
                   AND event.batch = %(batch)s
                   AND event.settled_currency = %(currency)s
              GROUP BY event.type, is_own, sign(event.settled_minor)
                """,
                payout=self.id,
                types=tuple(PAYOUT_TYPES),
                connection=self.connection_id.id,
                batch=self.batch,
                currency=self.currency or "",
            )
        )
        return [payouts.Movement(*row) for row in rows]

    # === what the page shows ===

    def _proof_state(self, found):
        if not found.steps:
            return "unlisted"
        if found.paid_minor is None and found.difference_minor:
            return "open"
        return "differs" if found.difference_minor else "proven"

    def _proof_text(self, state, found):
        by_name = {step.name: step.moved_minor for step in found.steps}
        opening = by_name.get(payouts.OPENING, 0)
        closing = -by_name.get(payouts.CLOSING, 0)
        amounts = {
            "opening": self._money(opening),
            "movements": self._money(found.net_minor - opening + closing),
            "payout": self._money(found.paid_minor or 0),
            "closing": self._money(closing),
            "net": self._money(found.net_minor),
            "difference": self._money(abs(found.difference_minor)),
        }
        return {
            "unlisted": self.env._(
                "The provider has not told what this payout pays: no event names this "
                "batch. Import the settlement report, or start a backfill, where the "
                "provider has one."
            ),
            "open": self.env._(
                "This batch holds %(net)s so far. No payout of it is known yet.",
                **amounts,
            ),
            "proven": self.env._(
                "Proven: opening %(opening)s + movements %(movements)s − payout "
                "%(payout)s = closing %(closing)s.",
                **amounts,
            ),
            "differs": self.env._(
                "Not proven: the batch adds up to %(net)s, and the payout is "
                "%(payout)s. %(difference)s is not explained: a movement is missing, "
                "or belongs to another batch. Import the whole report of the batch.",
                **amounts,
            ),
        }[state]

    def _waiting_text(self):
        """How many postings wait for their entry; False without any."""
        count = self.env["payment.hub.posting"].search_count(self._waiting_domain())
        return bool(count) and self.env._(
            "Postings that are decided, and wait for their entry: %s.", count
        )

    def _waiting_domain(self):
        return self._listed_postings() & Domain("is_waiting", "=", True)

    def _listed_postings(self):
        """Domain of the postings of what the provider lists in the batch."""
        return Domain(
            [
                ("connection_id", "=", self.connection_id.id),
                ("batch", "=", self.batch or False),
                ("batch", "!=", False),
                ("moved_currency", "=", self.currency),
            ]
        )

    def _bars(self, found):
        """Bars of the steps, of what is not explained, and of the payout."""
        bars = [
            (step.name, step.start_minor, step.moved_minor, step.unposted_minor)
            for step in found.steps
        ]
        paid, unposted = found.net_minor, 0
        if found.paid_minor is not None:
            paid, unposted = found.paid_minor, found.paid_minor - found.posted_minor
            if rest := found.difference_minor:
                bars.append(("difference", found.net_minor, -rest, 0))
        bars.append((PAYOUT, 0, paid, unposted))
        ends = [0] + [start + moved for _name, start, moved, _unposted in bars]
        low, scale = min(ends), (max(ends) - min(ends)) or 1
        labels = self._bar_labels()
        return [
            {
                "name": name,
                "label": labels[name],
                "amount": self._money(moved),
                "unposted": self._money(unposted) if unposted else False,
                "is_gain": moved > 0,
                "left": round(100 * (min(start, start + moved) - low) / scale, 2),
                "width": round(100 * abs(moved) / scale, 2),
            }
            for name, start, moved, unposted in bars
        ]

    @api.model
    def _bar_labels(self):
        return {
            payouts.OPENING: self.env._("Carried Over from Before"),
            "gross": self.env._("Gross"),
            "refunds": self.env._("Refunds"),
            "disputes": self.env._("Disputes"),
            "fees": self.env._("Fees and Taxes"),
            "reserves": self.env._("Reserves"),
            "conversion": self.env._("Currency Conversion"),
            "payouts": self.env._("Other Payouts, Came Back"),
            "other": self.env._("Transfers, Adjustments, Other"),
            payouts.CLOSING: self.env._("Carried Over to Next"),
            "difference": self.env._("Not Explained"),
            PAYOUT: (
                self.env._("Payout")
                if self.object_type
                else self.env._("Not Paid Out Yet")
            ),
        }

    def _money(self, minor):
        amount = amount_to_float(minor, self.exponent)
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    # === actions ===

    def action_open_bar(self, name, what):
        """Open what a bar is made of.

        :param name: of the bar
        :param what: entries or events
        """
        self.ensure_one()
        if what == "events":
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "payment_hub.payment_hub_event_action"
            )
            return action | {"domain": list(self._bar_domain(name)), "context": {}}
        live = Domain("is_reversed", "=", False)
        postings = live & Domain("event_id", "any", self._bar_domain(name))
        return self._entries_action(
            self.env._("Entries: %s", self._bar_labels()[name]),
            list(Domain("payment_hub_posting_ids", "any", postings)),
        )

    def action_open_waiting(self):
        """Open what waits for its entry."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_posting_action"
        )
        return action | {"domain": list(self._waiting_domain()), "context": {}}

    def _bar_domain(self, name):
        """Domain of the events of a bar."""
        own = Domain("payout_id", "=", self.id) & Domain("type", "in", PAYOUT_TYPES)
        if name == PAYOUT and self.object_type:
            return own
        listed = Domain(
            [
                ("connection_id", "=", self.connection_id.id),
                ("batch", "=", self.batch),
                ("settled_currency", "=", self.currency),
            ]
        )
        if name in (PAYOUT, "difference"):
            return listed
        found = {step.name: step for step in self._waterfall().steps}
        if name not in found:
            raise UserError(self.env._("Nothing of that kind is in this batch."))
        domain = listed & Domain("type", "in", list(found[name].event_types))
        if name == "payouts":
            sent = Domain("type", "=", payouts.SENT)
            return domain & ~(own & sent)
        if name in (payouts.OPENING, payouts.CLOSING):
            sign = ">" if name == payouts.OPENING else "<"
            return domain & Domain("settled_minor", sign, 0)
        return domain


def _is_booked(posting):
    return posting.is_on_balance and posting.move_id and not posting.is_reversed

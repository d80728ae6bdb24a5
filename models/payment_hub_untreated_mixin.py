# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class PaymentHubUntreatedMixin(models.AbstractModel):
    """Exceptions about all events of one type that no rule posts."""

    _name = "payment.hub.untreated.mixin"
    _description = "Exceptions about Events without a Rule"

    @api.model
    def _untreated(self, connection, events, others):
        """Keep one open exception for each type and currency that no rule posts.

        A list of the provider's balance may bring thousands of fees: they lack one
        rule. What a person has closed covers the events of then, not later ones.

        :param events: that no rule posts
        :param others: processed beside them, which may have found their rule
        """
        new = events.filtered(
            lambda event: not event.untreated_id and not event._is_decided()
        )
        for (type_, currency), group in new.grouped(
            lambda event: (event.type, event.currency)
        ).items():
            subject = f"untreated:{type_}:{currency}"
            vals = {"exponent": group[0].exponent, "currency": currency}
            exception = self.search(
                [
                    ("connection_id", "=", connection.id),
                    ("subject", "=", subject),
                    ("is_open", "=", True),
                ]
            ) or self.create(
                {
                    "connection_id": connection.id,
                    "subject": subject,
                    "cause": "unmapped_event",
                    **vals,
                }
            )
            group.untreated_id = exception
            exception._count_untreated(len(group), sum(group.mapped("amount_minor")))
        # Only now: a group that some leave and others join is not closed in between.
        settled = others.filtered("untreated_id.is_open")
        for exception, group in settled.grouped("untreated_id").items():
            group.untreated_id = False
            exception._count_untreated(-len(group), -sum(group.mapped("amount_minor")))

    def _count_untreated(self, more, more_minor):
        """Count the events that have come (or gone), however many there are already.

        The transaction that changes ``untreated_id`` of the events counts them too:
        both are there or neither is. PostgreSQL refuses it when another one has
        written the row meanwhile.
        """
        count = self.untreated_count + more
        self.write(
            {
                "untreated_count": count,
                "amount_minor": self.amount_minor + more_minor,
                "detail": self.env._(
                    "%(type)s (events: %(count)s)",
                    type=self.subject.split(":")[1],
                    count=count,
                ),
            }
        )
        if not count:
            self._resolve()

    def action_open_untreated(self):
        """Open the events that wait for a rule."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_event_action"
        )
        return action | {"domain": [("untreated_id", "in", self.ids)], "context": {}}

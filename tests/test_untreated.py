# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from odoo.tests import tagged

from . import stripe_messages as stripe
from .common import PaymentHubCommon


def withdrawn(number, cents, currency="usd"):
    """A cardholder's bank takes money back: nothing can post that yet."""
    dispute = {
        "id": f"dp_{number}",
        "object": "dispute",
        "amount": cents,
        "balance_transactions": [],
        "charge": f"ch_{number}",
        "currency": currency,
        "payment_intent": f"pi_{number}",
        "reason": "fraudulent",
        "status": "needs_response",
    }
    return stripe.event("charge.dispute.funds_withdrawn", dispute)


@tagged("post_install", "-at_install")
class TestUntreated(PaymentHubCommon):
    """What no rule can post lacks one rule, however many events there are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_balance(cls.env.ref("base.EUR"))

    def make_rule(self):
        """Let nothing be posted, on purpose."""
        return (
            self.env["payment.hub.mapping"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "event_type": "dispute.funds_withdrawn",
                    "treatment": "none",
                }
            )
        )

    def untreated(self):
        return self.env["payment.hub.exception"].search(
            [("cause", "=", "unmapped_event"), ("is_open", "=", True)]
        )

    def test_one_exception_for_a_type_and_currency(self):
        deliveries = self.deliver(*(withdrawn(n, 100 + n) for n in range(3)))
        deliveries |= self.deliver(withdrawn(7, 1000), withdrawn(8, 50, "eur"))
        usd, eur = self.untreated().sorted("amount_minor", reverse=True)
        self.assertEqual((usd.amount_minor, usd.untreated_count), (1303, 4))
        self.assertEqual((eur.amount_minor, eur.untreated_count), (50, 1))
        self.assertIn("4", usd.detail)
        self.assertEqual(set(deliveries.mapped("state")), {"done"})
        self.assertEqual(deliveries[0].all_exception_ids, usd)

    def assertCounted(self, exception, *numbers):
        """The exception tells the sum of these events, and of no others."""
        events = exception.untreated_event_ids
        self.assertEqual(
            set(events.mapped("object_id")), {f"dp_{number}" for number in numbers}
        )
        self.assertEqual(
            (exception.untreated_count, exception.amount_minor),
            (len(events), sum(events.mapped("amount_minor"))),
        )
        self.assertIn(f"events: {len(events)}", exception.detail)

    def test_events_come_and_go_over_several_batches(self):
        self.deliver(withdrawn(1, 100), withdrawn(2, 20))
        usd = self.untreated()
        self.assertCounted(usd, 1, 2)
        self.deliver(withdrawn(2, 20), withdrawn(3, 3))
        self.assertCounted(usd, 1, 2, 3)
        # Two messages disagree on the amount: no rule would help, a person decides.
        self.deliver(withdrawn(2, 25))
        self.assertCounted(usd, 1, 3)
        self.deliver(withdrawn(1, 101), withdrawn(4, 7), withdrawn(5, 8, "eur"))
        self.assertCounted(usd, 3, 4)
        self.assertCounted(self.untreated() - usd, 5)
        # All that were there leave, another one comes: the group goes on.
        self.deliver(withdrawn(3, 4), withdrawn(4, 9), withdrawn(6, 40))
        self.assertTrue(usd.is_open)
        self.assertCounted(usd, 6)
        self.deliver(withdrawn(6, 41))
        self.assertEqual(usd.state, "resolved")
        self.assertCounted(usd)

    def test_batch_that_is_rolled_back_counts_nothing(self):
        self.deliver(withdrawn(1, 100))
        exceptions = type(self.untreated())
        count = exceptions._count_untreated

        def fail_once(*arguments):
            count(*arguments)
            patcher.stop()
            raise RuntimeError

        patcher = patch.object(exceptions, "_count_untreated", fail_once)
        patcher.start()
        self.deliver(withdrawn(4, 4), withdrawn(5, 5))
        self.assertCounted(self.untreated(), 1, 4, 5)

    def test_batch_does_not_look_at_the_group_again(self):
        """Over a long backfill that would take the square of the number of events."""
        self.deliver(withdrawn(1, 100))
        usd = self.untreated().sudo()
        usd.write({"untreated_count": 10**6, "amount_minor": 10**9})
        self.deliver(withdrawn(2, 20), withdrawn(3, 3))
        self.assertEqual(usd.untreated_count, 10**6 + 2)
        self.assertEqual(usd.amount_minor, 10**9 + 23)

    def test_two_amounts_for_one_fact_without_payment(self):
        def payout(cents):
            return stripe.event(
                "payout.paid",
                {
                    "id": "po_1",
                    "object": "payout",
                    "amount": cents,
                    "arrival_date": stripe.T0,
                    "balance_transaction": "txn_po_1",
                    "created": stripe.T0,
                    "currency": "usd",
                    "status": "paid",
                },
            )

        self.deliver(payout(500), payout(700))
        conflict = self.env["payment.hub.exception"].search(
            [("cause", "=", "conflicting_attestation")]
        )
        self.assertEqual(conflict.event_id.type, "payout.in_transit")
        self.assertFalse(self.untreated())

    def test_told_twice_counts_once(self):
        self.deliver(withdrawn(1, 100))
        self.deliver(withdrawn(1, 100))
        self.assertEqual(self.untreated().amount_minor, 100)

    def test_closed_by_a_person_covers_those_of_then(self):
        self.deliver(withdrawn(1, 100))
        first = self.untreated()
        first.action_resolve()
        deliveries = self.deliver(withdrawn(2, 30))
        second = self.untreated()
        self.assertNotEqual(first, second)
        self.assertEqual(second.amount_minor, 30)
        self.assertEqual((first.amount_minor, first.state), (100, "resolved"))
        deliveries.action_process_again()
        self.assertEqual(self.untreated(), second)

    def test_what_a_person_closed_is_counted_no_more(self):
        self.deliver(withdrawn(1, 100), withdrawn(2, 20))
        first = self.untreated()
        first.action_ignore()
        rule = self.make_rule()
        self.deliver(withdrawn(1, 100))
        self.assertCounted(first, 1, 2)
        rule.active = False
        self.deliver(withdrawn(3, 3))
        self.assertCounted(self.untreated(), 3)

    def test_retry_takes_up_what_a_rule_can_post_now(self):
        deliveries = self.deliver(*(withdrawn(n, 100) for n in range(3)))
        exception = self.untreated()
        exception.action_retry()
        self.assertEqual(set(deliveries.mapped("state")), {"pending"})
        self.make_rule()
        self.drain()
        self.assertEqual((exception.state, exception.untreated_count), ("resolved", 0))
        self.assertFalse(deliveries.attestation_ids.event_id.untreated_id)

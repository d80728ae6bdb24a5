# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The typed causes of exceptions: label, and what a person can do about it."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# Of reconciliations with a bank: what is processed neither causes nor mends it.
BANK_RATE_DIFFERS = "bank_rate_differs"
# cause -> (label, suggested fix)
CAUSES = {
    "malformed": (
        "Malformed message",
        _lt(
            "The message carries a right signature but cannot be read. Compare the "
            "path with the provider's documentation; a new API version may have moved "
            "the field. After an upgrade of the hub, retry."
        ),
    ),
    "unknown_event_type": (
        "Unknown event type",
        _lt(
            "The hub does not translate this type. If it moves no money, ignore the "
            "exception and unsubscribe from the type at the provider."
        ),
    ),
    "unknown_currency": (
        "Unknown currency",
        _lt(
            "The currency is not in ISO 4217 or not in Odoo. Check the message; "
            "activate the currency in Odoo if it is right, then retry."
        ),
    ),
    "environment_mismatch": (
        "Test event on live connection, or the reverse",
        _lt(
            "The provider sent an event of its other environment to this URL. Correct "
            "the webhook at the provider, then ignore the exception."
        ),
    ),
    "unmapped_company": (
        "Provider account without company",
        _lt(
            "The event belongs to a provider account that no connection of this "
            "company names. Enter the account on the right connection, then retry."
        ),
    ),
    "setup_incomplete": (
        "Set-up incomplete",
        _lt(
            "The connection lacks a usable journal or clearing account. Complete the "
            "Ledger page of the connection, then retry."
        ),
    ),
    "invoice_not_found": (
        "No invoice",
        _lt(
            "No posted invoice carries one of the payment's references. Choose the "
            "invoice here, then retry. One that is posted with such a reference later "
            "is taken by itself."
        ),
    ),
    "invoice_ambiguous": (
        "Two or more candidates",
        _lt(
            "Several open documents fit the payment's references. Choose the right "
            "one here, then retry."
        ),
    ),
    "amount_mismatch": (
        "Amount does not fit",
        _lt(
            "The payment is more than the invoice still owes, or less and none of its "
            "instalments, and the company's policy does not take that. Choose another "
            "invoice, or correct this one or the policy, then retry. When the invoice "
            "owes more again, the payment is tried again by itself."
        ),
    ),
    "currency_mismatch": (
        "Currency does not fit",
        _lt(
            "Payment and invoice have different currencies: choose an invoice in the "
            "payment's currency, then retry. Of a dispute: pull the provider's balance "
            "entries, or have the sender tell the settlement of its money."
        ),
    ),
    "locked_period": (
        "Locked period",
        _lt(
            "The accounting date lies in a locked period, and the hub never shifts a "
            "date. Reopen the period (a lock date exception will do), then retry."
        ),
    ),
    "recorded_elsewhere": (
        "Already recorded by Odoo's payment provider",
        _lt(
            "A payment transaction of Odoo has booked this payment already. Check its "
            "entry; if it is right, ignore the exception."
        ),
    ),
    "conflicting_attestation": (
        "Sources disagree",
        _lt(
            "Two messages give different amounts for one event. Look the object up "
            "at the provider and correct the ledger by hand if needed."
        ),
    ),
    "impossible_transition": (
        "Impossible order of events",
        _lt(
            "The events contradict each other, such as a capture after a void. Look "
            "the payment up at the provider."
        ),
    ),
    "parent_missing": (
        "Capture is missing",
        _lt(
            "A refund or reversal arrived, but its capture is not posted. Resend the "
            "capture's event at the provider, or resolve the capture's exception."
        ),
    ),
    "refund_exceeds_capture": (
        "Refunds exceed the capture",
        _lt(
            "More was refunded than captured as far as the hub knows. Resend the "
            "missing events at the provider, then retry."
        ),
    ),
    "refund_unidentified": (
        "Refund without its object",
        _lt(
            "A message reports a refunded amount, but the refund itself never arrived. "
            "Subscribe to the refund events and resend them at the provider."
        ),
    ),
    "refund_failed": (
        "Refund came back",
        _lt(
            "The provider could not deliver the refund; the money is back and owed to "
            "the customer again. Contact the customer, then mark as resolved."
        ),
    ),
    "more_returned": (
        "More returned than captured",
        _lt(
            "Refunds and reversals together take more from the provider's balance than "
            "the capture brought. All of it is posted; settle the difference with the "
            "customer, then mark as resolved."
        ),
    ),
    "payment_unnamed": (
        "Payment not named",
        _lt(
            "The event is about a customer's money, and does not say which payment it "
            "belongs to. Pull the provider's balance entries of that day, then retry; "
            "or post it by hand, and mark as resolved."
        ),
    ),
    "amount_missing": (
        "Amount missing",
        _lt(
            "The event moves money, and the message does not tell how much. Pull the "
            "provider's balance entries of that day, then retry."
        ),
    ),
    "settlement_unknown": (
        "Effect on the balance unknown",
        _lt(
            "The amount is in a currency in which the connection has no balance, or "
            "releases a hold that the balance felt, and no source tells what reached "
            "the balance. Pull the provider's balance entries, have the sender tell "
            "the settlement, or add the balance on the Ledger page of the connection, "
            "then retry."
        ),
    ),
    "settlement_mismatch": (
        "Balance and amount differ",
        _lt(
            "The provider's balance moved by another amount, in the same currency. "
            "Look the object up at the provider; when a part of it is still missing, "
            "pull the balance entries, then retry."
        ),
    ),
    "rate_missing": (
        "Currency without a rate",
        _lt(
            "Odoo has no exchange rate for this currency on that day. Enter one in "
            "Currencies, then retry."
        ),
    ),
    "manual_posting": (
        "To post by hand",
        _lt(
            "The rule says that a person posts such events. Make the entry, then mark "
            "as resolved."
        ),
    ),
    "reopening_requested": (
        "Locked period to reopen",
        _lt(
            "The accounting date lies in a locked period. Reopen it (a lock date "
            "exception will do), then retry; or ignore, and post by hand."
        ),
    ),
    "deposit_unapplied": (
        "Deposit without an invoice",
        _lt(
            "The payment is booked as a deposit, because no invoice was found that it "
            "fits. Choose the invoice here, then retry; a later invoice with one of "
            "its references takes it by itself."
        ),
    ),
    "clearing_differs": (
        "Clearing account differs",
        _lt(
            "The clearing and reserve accounts hold what no posted event explains. "
            "Look for entries that were not made by the hub, and reverse them. What "
            "was owed before the hub began belongs into the balance's Opening as well."
        ),
    ),
    "balance_unexplained": (
        "Provider's balance not explained",
        _lt(
            "The provider reports another balance than the posted events add up to. "
            "Resolve the exceptions of events that are not posted, and pull the "
            "provider's balance entries from the day on which they last agreed. What "
            "it owed before the hub began belongs into the Opening of the balance, on "
            "the Ledger page of the connection. The exception resolves itself when a "
            "later balance agrees."
        ),
    ),
    "exchange_waiting": (
        "Exchange difference waits",
        _lt(
            "What left a balance in a foreign currency could not be reconciled with "
            "what had come in, so the account holds a difference in the company's "
            "currency. Mend what the text below tells: reopen the locked period (a "
            "lock date exception will do), or complete the exchange difference journal "
            "and accounts in the settings of Accounting; then retry. The exception "
            "resolves itself when the difference is booked, at the latest with the "
            "next payout on an open day."
        ),
    ),
    BANK_RATE_DIFFERS: (
        "Bank credits another value",
        _lt(
            "What the bank's statement gives for a payout is further from what was "
            "booked than the settings tolerate. Compare rate and fees with the bank's "
            "advice, and look whether the statement line belongs to this payout. If "
            "it does not, undo the reconciliation, and the exception resolves itself; "
            "if the bank is right, mark as resolved."
        ),
    ),
    "settlement_unproven": (
        "Settlement does not prove itself",
        _lt(
            "Its entries wait: what the settlement consists of differs from what was "
            "paid out. The payout's page shows by how much. Resolve the exceptions of "
            "its events, or pull the provider's balance entries; it is booked as soon "
            "as they add up. Postings that cannot wait can be booked alone."
        ),
    ),
    "settlement_overdue": (
        "Settlement does not come",
        _lt(
            "Postings wait for the settlement that holds them, and no source has told "
            "of it. Pull the provider's balance entries, or book the postings alone: "
            "filter the postings by “Waits for Its Entry”."
        ),
    ),
    "unmapped_event": (
        "No accounting treatment",
        _lt(
            "Events of this type move money, and no rule says how to post them. Post "
            "them by hand, then mark as resolved. Later ones open a new exception."
        ),
    ),
    "lookup_failed": (
        "Provider did not answer",
        _lt(
            "A message only names an object, and the provider's API did not give it. "
            "Check the API credentials of the connection and the text below, then "
            "retry."
        ),
    ),
    "backfill_failed": (
        "Backfill failed",
        _lt(
            "A list of the provider was not pulled to its end; what was pulled stays. "
            "Mend what the text below tells, then retry: the backfill goes on where it "
            "stopped. If the rest is not needed, cancel the backfill."
        ),
    ),
    "credentials_refused": (
        "Credentials refused",
        _lt(
            "The provider refused the API credentials of the connection when it was "
            "asked for its balance. Check the credentials and what they are allowed to "
            "do, and replace them on the connection where needed; then press Ask for "
            "the Balance there. The exception resolves itself when the provider tells "
            "its balance again."
        ),
    ),
    "certificate_missing": (
        "Provider's certificate is missing",
        _lt(
            "Messages are signed with a certificate that could not be fetched, and are "
            "turned away; the provider sends them again. Check the network and the "
            "text below. The exception resolves itself when a certificate was fetched."
        ),
    ),
    "processing_error": (
        "Processing failed",
        _lt(
            "Odoo refused the work or an error occurred. The message below tells "
            "which; mend it, then retry."
        ),
    ),
    "processing_crashed": (
        "Processing crashed",
        _lt(
            "Each attempt to process this message ended the process, so the hub left "
            "it aside. The server's log tells why: out of memory, a time limit, a "
            "crash. Mend that before you retry: a retry may end a process again."
        ),
    ),
    "lane_stranded": (
        "Job runner is silent",
        _lt(
            "Messages were waiting and no job processed them; the scheduled action "
            "does it now, more slowly. Check that the job runner of queue_job is "
            "alive. The exception resolves itself with the next job."
        ),
    ),
}
# A capture that fits no invoice is a deposit, where a rule names the account for it.
MISFITS = (
    "invoice_not_found",
    "invoice_ambiguous",
    "currency_mismatch",
    "amount_mismatch",
)
# States of an exception on which there is work left.
OPEN_STATES = ("open", "acknowledged")
# A message that comes before another one it depends on is no exception for a while.
WAITING_CAUSES = (
    "parent_missing",
    "refund_unidentified",
    "settlement_unknown",
    "settlement_mismatch",
    "settlement_unproven",
)

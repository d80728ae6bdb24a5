# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One fact, one key and one amount, whichever road it came by."""

import gzip

import pytest
from checkout_payloads import (
    CAPTURE,
    DISPUTE,
    PAYMENT,
    PAYOUT,
    REFUND,
    action_page,
    actions,
    breakdown,
    breakdown_row,
    capture_actions,
    csv,
    dispute,
    message,
    payment,
    payouts,
    refund_row,
    report_page,
    settlement,
)
from checkout_reading import facts, fault, read
from payment_facts import fold
from roads import claims

from engine.errors import MalformedMessage
from engine.events import Reference
from engine.providers.base import Lookup
from engine.providers.checkout import api, webhook
from engine.providers.checkout.report import REPORTS, translate_file

LATER = "00000003ZZZZ"
REFUNDED = "2026-07-01T18:00:00"


def webhooks(*messages):
    return [
        fact
        for event_type, data in messages
        for fact in webhook.translate(message(event_type, data))[0].events
    ]


REFUND_ACTIONS = (
    (
        "Refund",
        REFUND,
        "Refund",
        "-20.00000000",
        {"Processed On": REFUNDED},
    ),
    (
        "Refund",
        REFUND,
        "Refund Fixed Fee",
        "-0.10000000",
        {"Processed On": REFUNDED},
    ),
)


CHARGEBACK = ("Chargeback", DISPUTE, "Chargeback (ADJM)", "-50.00000000")


CHARGEBACK_ROW = breakdown_row(
    "Chargeback",
    action=DISPUTE,
    **{
        "Gross In Holding Currency": "-50",
        "Gross In Processing Currency": "-50.00",
        "Deduction In Holding Currency": "",
        "Net In Holding Currency": "-50.00",
        "Processing Fee In Holding Currency": "",
        "Scheme Fee In Holding Currency": "",
        "Interchange In Holding Currency": "",
    },
)


# === the same facts on every road ===


def test_all_roads_agree():
    by_webhook = claims(
        webhooks(
            ("payment_captured", payment()),
            ("payment_refunded", payment(REFUND, 2000)),
            ("dispute_evidence_required", dispute()),
        )
    )
    assert len(by_webhook) == 3
    pages = api.translate_actions(action_page(), {})
    by_api = claims(fact for page in pages for fact in page.events)
    assert by_api == by_webhook
    assert [
        fact.key for page in pages for fact in page.events if not fact.is_balance
    ] == ["balance_entry:act_2:unknown"]
    by_actions = facts(
        "financial_actions", actions(*capture_actions(), *REFUND_ACTIONS, CHARGEBACK)
    )
    by_breakdown = facts(
        "settlement_breakdown",
        breakdown(breakdown_row(), refund_row(), CHARGEBACK_ROW),
    )
    assert claims(by_actions.values()) == claims(by_breakdown.values())
    fee = f"settled_payment:{PAYMENT}.20260701100000:fee"
    assert claims(by_actions.values()) == by_webhook | {
        fee: ("fee.charged", 160, "USD", 2)
    }
    for told in webhooks(
        ("payment_captured", payment()),
        ("payment_refunded", payment(REFUND, 2000, processed_on=REFUNDED + "Z")),
    ):
        for other in (by_actions[told.key], by_breakdown[told.key]):
            assert (other.parent, other.payment_ref) == (told.parent, told.payment_ref)
            assert abs(other.occurred_at - told.occurred_at).total_seconds() < 1
            assert other.settlement.batch == PAYOUT
    state = fold([*by_actions.values(), *by_breakdown.values()])
    assert (state.status, state.captured_minor) == ("disputed", 5000)
    assert not state.problems


def test_payout_by_webhook_and_report():
    by_webhook = claims(webhooks(("settlement_generated", settlement())))
    assert by_webhook == {
        f"payout:{PAYOUT}:in_transit": ("payout.in_transit", 7951, "USD", 2)
    }
    lower = payouts(**{"Payout ID": PAYOUT.lower()})
    assert claims(facts("payouts", payouts()).values()) == by_webhook
    assert claims(facts("payouts", lower).values()) == by_webhook


def test_report_is_available_by_list_and_message():
    first, second = api.translate_reports(report_page(), {})
    assert first.events[0].key == "report:rpt_1:available"
    assert first.lookups == (
        Lookup("report_file", "rpt_1.file_1"),
        Lookup("report_file", "rpt_1.file_2"),
    )
    assert (len(second.events), second.lookups) == (1, ())


@pytest.mark.parametrize("report", ["actions", "breakdown"])
def test_a_rejected_payout_comes_again_with_the_next(report):
    """Its movements are in two reports, and must not be posted twice."""
    if report == "actions":
        rows = (*capture_actions(), *REFUND_ACTIONS)
        again = [
            (*row[:4], (row[4] if row[4:] else {}) | {"Payout ID": LATER})
            for row in rows
        ]
        files = [("financial_actions", actions(*found)) for found in (rows, again)]
    else:
        files = [
            (
                "settlement_breakdown",
                breakdown(
                    breakdown_row(**{"Payout ID": payout}),
                    refund_row(**{"Payout ID": payout}),
                ),
            )
            for payout in (PAYOUT, LATER)
        ]
    first, second = (claims(facts(*file).values()) for file in files)
    assert first == second


def test_fees_that_come_later_are_other_facts():
    late = ("Capture", CAPTURE, "Interchange Fixed Fee", "-0.25", {"Payout ID": LATER})
    first = facts("financial_actions", actions(*capture_actions()[:-1]))
    second = facts("financial_actions", actions(late))
    assert not first.keys() & second.keys()
    fee = second[f"settled_payment:{PAYMENT}.{LATER}:fee"]
    assert (fee.type, fee.amount_minor) == ("fee.charged", 25)
    assert fee.payment_ref == PAYMENT


# === rows without action ===


def test_without_action_only_the_fee_is_posted():
    body = breakdown(breakdown_row(), refund_row(), without=["Action ID"])
    found = facts("settlement_breakdown", body)
    name = f"settled_payment:{PAYMENT}.20260701100000"
    assert found.keys() == {f"{name}:available", f"{name}:fee"}
    fee, available = found[f"{name}:fee"], found[f"{name}:available"]
    assert (fee.amount_minor, fee.payment_ref) == (160, PAYMENT)
    assert not available.is_balance
    settled = available.settlement
    assert (settled.gross_minor, settled.fee_minor, settled.net_minor) == (
        3000,
        160,
        2840,
    )
    assert settled.batch == PAYOUT


def test_without_action_what_no_webhook_tells_is_for_a_person():
    row = breakdown_row("Top Up", **{"Payment ID": "adj_1"})
    found = facts("settlement_breakdown", breakdown(row, without=["Action ID"]))
    assert found["balance_entry:adj_1:unknown"].provider_code == "Top Up"
    assert "balance_entry:adj_1:unknown" not in facts(
        "settlement_breakdown", breakdown(row)
    )


def test_without_payout_nothing_is_settled_yet():
    rows = [(*row, {"Payout ID": ""}) for row in capture_actions()]
    found = facts("financial_actions", actions(*rows))
    assert found.keys() == {f"payment:{PAYMENT}:capture:{CAPTURE}"}


def test_a_chargeback_without_its_dispute_posts_nothing():
    row = (*CHARGEBACK[:1], "act_7", *CHARGEBACK[2:])
    found = facts("financial_actions", actions(row))
    assert [fact.type for fact in found.values()] == ["balance.available"]


def test_another_transaction_currency_posts_nothing():
    more = {"Transaction Currency": "EUR"}
    found = facts("financial_actions", actions((*capture_actions()[0], more)))
    assert [fact.type for fact in found.values()] == ["balance.available"]
    more = {"Transaction Currency": "usd"}
    found = facts("financial_actions", actions((*capture_actions()[0], more)))
    assert f"payment:{PAYMENT}:capture:{CAPTURE}" in found


# === times ===


@pytest.mark.parametrize(
    ("more", "hour"),
    [
        ({"Timezone": "UTC"}, 10),
        ({"Processed On UTC": "2026-07-01T17:00:00.469", "Timezone": "PST"}, 17),
    ],
)
def test_times(more, hour):
    more = {"Available On UTC": "2026-07-02T07:00:00"} | more
    row = breakdown_row(**more)
    found = facts("settlement_breakdown", breakdown(row))
    capture = found[f"payment:{PAYMENT}:capture:{CAPTURE}"]
    assert capture.occurred_at.hour == hour
    assert capture.clocks[0].at.hour == 7


def test_local_times_alone_are_refused():
    row = breakdown_row(Timezone="America/Los_Angeles")
    assert fault("settlement_breakdown", breakdown(row)) == "row 1.Processed On UTC"


# === files ===


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"Net In Holding Currency": "48.49"}, "row 1.Net In Holding Currency"),
        ({"Gross In Holding Currency": "50,00"}, "row 1.Gross In Holding Currency"),
        (
            {"Gross In Processing Currency": "50.001"},
            "row 1.Gross In Processing Currency",
        ),
        ({"Holding Currency": "XXX"}, "row 1.Holding Currency"),
        ({"Processed On": "yesterday"}, "row 1.Processed On"),
        ({"Payment ID": "a:b"}, "row 1.Payment ID"),
        ({"Type": ""}, "row 1.Type"),
    ],
)
def test_refusals_name_the_cell(more, path):
    row = breakdown_row(**more)
    assert fault("settlement_breakdown", breakdown(row)) == path


def test_a_bad_row_does_not_stop_the_others():
    bad = breakdown_row(payment="pay_2", **{"Holding Currency": "XXX"})
    body = breakdown(bad, breakdown_row())
    first, second = read("settlement_breakdown", body)
    assert first.fault and not first.events
    assert second.events


def test_two_currencies_of_one_payment_in_one_payout():
    body = breakdown(breakdown_row(), breakdown_row(**{"Holding Currency": "EUR"}))
    assert fault("settlement_breakdown", body) == "row 1.Holding Currency"


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    "body",
    [b"", b"\n", b"Type,Payment ID\n", b"\xff", b"\x1f\x8b\x08", b'"', b"a\0b"],
)
def test_what_is_no_such_report(name, body):
    with pytest.raises(MalformedMessage):
        REPORTS[name].split(body)


def test_reports_of_a_range_of_dates_are_refused():
    body = breakdown(breakdown_row(), breakdown_row(**{"Payout ID": LATER}))
    with pytest.raises(MalformedMessage, match="one payout"):
        REPORTS["settlement_breakdown"].split(body)


def test_parts_keep_payments_whole():
    rows = [
        (*row, {"Payment ID": f"pay_{number}"})
        for row in capture_actions()
        for number in range(130)
    ]
    body = b"\xef\xbb\xbf" + actions(*rows)
    report = REPORTS["financial_actions"]
    parts = report.split(gzip.compress(body))
    assert len(parts) == 4
    found = [item for part in parts for item in report.translate(part, {})]
    assert len(found) == 130
    for translation in found:
        assert [fact.amount_minor for fact in translation.events] == [None, 150, 5000]


def test_odd_cells_survive_the_split():
    row = breakdown_row(Reference='a "b", c\nd;é')
    body = csv(row, [[str(cell).replace('"', '""') for cell in row.values()]])
    found = facts("settlement_breakdown", body)
    capture = found[f"payment:{PAYMENT}:capture:{CAPTURE}"]
    assert Reference("merchant_reference", 'a "b", c\nd;é') in capture.references


def test_a_fetched_file_is_known_by_its_columns():
    for name, body in (
        ("financial_actions", actions(*capture_actions())),
        ("settlement_breakdown", breakdown(breakdown_row())),
        ("payouts", payouts()),
    ):
        for file in (body, gzip.compress(body)):
            assert list(translate_file(file, {})) == read(name, body)
    with pytest.raises(MalformedMessage):
        translate_file(b"a,b\n1,2\n", {})

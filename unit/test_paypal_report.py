# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PayPal's settlement report as a file: whole or refused."""

import csv
import json

import pytest
from paypal_payloads import CAPTURE, line, page, row, settlement, transaction
from paypal_reading import of_report, of_rows

from engine.errors import EngineError, MalformedMessage
from engine.providers.paypal import const, report, transactions


def test_parts_keep_the_order_and_the_context():
    rows = [row("T0006", f"T{number}", 100 + number) for number in range(450)]
    parts = report.split(settlement(*rows))
    assert len(parts) == 3
    found = [fact.object_id for fact in of_report(settlement(*rows))]
    assert found == [f"T{number}" for number in range(450)]
    broken = rows[401][:]
    broken[8] = "1.00"
    body = settlement(*rows[:401], broken)
    (fault,) = [
        translation.fault
        for part in report.split(body)
        for translation in report.translate(part, {})
        if translation.fault
    ]
    assert fault.path == "row 402.Gross Transaction Amount"


@pytest.mark.parametrize(
    "code", [code for code, name in const.T_CODES.items() if name.startswith("hold.")]
)
@pytest.mark.parametrize("amount", [500, -500])
def test_the_balance_felt_each_hold_of_the_report(code, amount):
    (hold,) = of_report(settlement(row(code, CAPTURE, amount)))
    assert hold.type == ("hold.released" if amount > 0 else "hold.placed")
    assert hold.settlement.gross_minor == amount


def test_empty_report():
    assert report.split(settlement()) == []


def test_quotes_and_line_breaks():
    cells = row("T0006", CAPTURE, 100)
    cells[1] = 'say "INV",\n7'
    body = settlement(cells).replace(b'"say "INV",\n7"', b'"say ""INV"",\n7"')
    (captured,) = of_report(body)
    assert [one.value for one in captured.references if one.kind == "invoice"] == [
        'say "INV",\n7'
    ]


def _without(record):
    def change(body):
        lines = body.split(b"\r\n")
        return b"\r\n".join(one for one in lines if not one.startswith(record))

    return change


BROKEN = {
    "no end": lambda body: settlement(row("T0006", CAPTURE, 100), end=False),
    "cut off": lambda body: body[:-20],
    "cut in half": lambda body: body[: len(body) // 2],
    "an entry lost": _without(b'"SB","9T2"'),
    "an entry twice": lambda body: body.replace(
        b'"SF"', line("SB", *row("T0006", "9T3", 100)).encode() + b'\r\n"SF"'
    ),
    "wrong section": lambda body: body.replace(b'"SC",2', b'"SC",3'),
    "wrong report": lambda body: body.replace(b'"RC",2', b'"RC",1'),
    "wrong file": lambda body: body.replace(b'"FF",2', b'"FF",20'),
    "no count": lambda body: body.replace(b'"FF",2', b'"FF"'),
    "odd count": lambda body: body.replace(b'"FF",2', b'"FF",-2'),
    "something after the end": lambda body: body + b'"SB","x"\r\n',
    "unknown record": lambda body: body.replace(b'"SF"', b'"XX"'),
    "no columns": _without(b'"CH"'),
    "a column missing": lambda body: body.replace(b",Fee Currency", b""),
    "a column twice": lambda body: body.replace(b"Custom Field", b"Fee Currency"),
    "no file header": _without(b'"FH"'),
    "a cell too many": lambda body: body.replace(b'"7Q8R9"', b'"7Q8R9","x"'),
    "another report": lambda body: b"Date,Gross,Fee\r\n1,2,3\r\n",
    "nothing": lambda body: b"",
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_file(name):
    body = settlement(row("T0006", CAPTURE, 100), row("T0006", "9T2", 100))
    assert len(report.split(body)) == 1
    broken = BROKEN[name](body)
    assert broken != body
    with pytest.raises(MalformedMessage):
        report.split(broken)


def test_second_file_of_a_report():
    """Its section began in the first, so only its own number is known."""
    body = settlement(row("T0006", CAPTURE, 100), file="02")
    body = body.replace(b'"SC",1', b'"SC",1000001').replace(b'"RC",1', b'"RC",1000001')
    assert len(report.split(body)) == 1
    with pytest.raises(MalformedMessage):
        report.split(body.replace(b'"FF",1', b'"FF",1000001'))


def test_several_sections():
    first = settlement(row("T0006", "9T1", 100)).decode().split("\r\n")
    section = [one for one in first if one[1:3] in ("SH", "CH", "SB", "SC")]
    first[2:2] = section
    body = "\r\n".join(first).replace('"RC",1', '"RC",2').replace('"FF",1', '"FF",2')
    assert len(report.split(body.encode())) == 2
    with pytest.raises(MalformedMessage):
        report.split(body.replace('"SC",1', '"SC",2', 1).encode())


def test_other_account():
    body = settlement(row("T0006", CAPTURE, 100))
    assert [*of_report(body, {"merchant_id": "EZ782AXEUJUW8"})]
    assert [*of_report(body, {"merchant_id": " "})]
    with pytest.raises(MalformedMessage):
        [*of_report(body, {"merchant_id": "XVLAXNX4HNUHL"})]


@pytest.mark.parametrize(
    ("index", "value"),
    [
        (0, ""),
        (0, "a:b"),
        (4, ""),
        (5, "2025-08-12"),
        (5, "2025/13/12 05:00:00 -0700"),
        (5, "2025/08/12 05:00:00"),
        (5, "0001/01/01 05:00:00 +2359"),
        (7, ""),
        (7, "X"),
        (8, ""),
        (8, "-100"),
        (8, "1.00"),
        (8, "٣"),
        (8, "9" * 30),
        (9, "XXX"),
        (9, ""),
        (10, ""),
        (11, "x"),
        (12, ""),
    ],
)
def test_odd_cells(index, value):
    cells = row("T0006", CAPTURE, 100, -3)
    cells[index] = value
    with pytest.raises(EngineError) as refused:
        [*of_rows(cells)]
    assert refused.value.path.startswith("row 1")


def test_no_fraction_of_a_yen():
    with pytest.raises(MalformedMessage):
        [*of_rows(row("T0006", CAPTURE, 150, currency="JPY"))]


def test_one_bad_entry_does_not_stop_the_others():
    body = json.dumps(
        page(
            transaction("T0006", "9T1", "1.005"),
            {"payer_info": {}},
            transaction("T0006", "9T2", "1.00"),
        )
    ).encode()
    found = transactions.translate(body)
    assert [bool(one.fault) for one in found] == [True, True, False]


def test_parts_that_are_none():
    for part in (b"", b"x", b"PART\r\n", b'"PART","1",""\r\n', settlement()):
        with pytest.raises(MalformedMessage):
            report.translate(part, {})


def test_head_of_the_sample_is_as_paypal_writes_it():
    body = settlement().decode("utf-8-sig")
    (head,) = [cells for cells in csv.reader(body.splitlines()) if cells[0] == "CH"]
    assert len(head) == 22

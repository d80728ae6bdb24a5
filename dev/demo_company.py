# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration's company, made inside Odoo.

Run as a program: ``demo_company.py prepare|open CONFIG DATABASE``. *prepare* makes
what stays the same: the company, its chart of accounts and its customers. *open*
makes what belongs to one run: invoices of this month, and the connection.
"""

import json
import os
import sys
import time
from datetime import timedelta
from pathlib import Path

COMPANY = {
    "name": "Harbor & Pine Furniture",
    "street": "18 Commercial Wharf",
    "city": "Boston",
    "zip": "02110",
    "email": "billing@harborpine.example",
    "website": "https://harborpine.example",
}
CUSTOMERS = (
    ("Amelia Stone Interiors", "accounts@ameliastone.example"),
    ("Bayview Dental Group", "office@bayviewdental.example"),
    ("Cedar Hill Public Library", "purchasing@cedarhill.example"),
    ("Daniel Okafor", "daniel.okafor@mail.example"),
    ("Elena Rossi Architects", "studio@rossi-architects.example"),
    ("Fernwood Hotel", "ap@fernwoodhotel.example"),
    ("Greenleaf Coworking", "hello@greenleafcoworking.example"),
    ("Hannah Lindqvist", "hannah.lindqvist@mail.example"),
    ("Ironbridge Brewing Co.", "finance@ironbridge.example"),
    ("Jasper & Daughters", "jasper@daughters.example"),
    ("Kitayama Tea House", "orders@kitayama.example"),
    ("Lakeside Montessori", "bursar@lakesidemontessori.example"),
    ("Marcus Bell Photography", "marcus@bellphoto.example"),
)
GOODS = (
    ("Oak dining table", 1240.0),
    ("Reading lamp, brass", 89.5),
    ("Lounge chair, walnut", 640.0),
    ("Bookshelf, five boards", 329.0),
    ("Desk, height-adjustable", 785.0),
    ("Bench, ash", 212.4),
    ("Bar stool", 118.0),
)
# What the first pages load; else the newcomer would wait for it, in each run.
BUNDLES = (
    "web.assets_frontend_minimal",
    "web.assets_frontend",
    "web.assets_frontend_lazy",
    "web.assets_web",
)
# One day of each provider: its code, its label, how many invoices it collects.
PROVIDERS = (("stripe", "Stripe", 26), ("paypal", "PayPal", 8), ("adyen", "Adyen", 8))
GRANULARITY = {"adyen": "settlement"}  # what has one entry, else each event
INVOICES = sum(number for _code, _label, number in PROVIDERS)
CREDITED = 3  # position of the invoice with a credit note; demo_day_stripe knows it
CREDIT = 40.0  # before tax


def prepare(env):
    """Make the company; all of it or, when that fails, nothing."""
    company = env.ref("base.main_company")
    if company.name == COMPANY["name"]:
        return  # made before, only the note about it was lost
    company.write({**COMPANY, "country_id": env.ref("base.us").id})
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
    env["res.partner"].create(
        [
            {"name": name, "email": email, "country_id": env.ref("base.us").id}
            for name, email in CUSTOMERS
        ]
    )
    groups = (
        "account.group_account_manager",
        "account.group_account_user",
        "payment_hub.group_manager",
    )
    env.ref("base.user_admin").write(
        {
            "password": "admin",
            "tz": "UTC",
            "group_ids": [(4, env.ref(group).id) for group in groups],
            "action_id": env.ref("payment_hub.payment_hub_payment_action").id,
            "tour_enabled": False,
        }
    )
    stay_at_home(env, company)
    for bundle in BUNDLES:
        asset = env["ir.qweb"]._get_asset_bundle(bundle)
        asset.js()
        asset.css()


def stay_at_home(env, company):
    """Let the demonstration ask nothing of servers elsewhere."""
    if "iap_enrich_auto_done" in company:
        company.iap_enrich_auto_done = True
    cron = env.ref("mail.ir_cron_module_update_notification", False)
    if cron:
        cron.active = False


def open_day(env):
    """Make the invoices and the connections of one run; describe them."""
    company = env.ref("base.main_company")
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    parameters = env["ir.config_parameter"]
    parameters.set_param("web.base.url", os.environ["PAYMENT_HUB_DEMO_URL"])
    parameters.set_param("web.base.url.freeze", "True")  # whoever logs in from where
    invoices = make_invoices(env)
    credit_note = make_credit_note(env, invoices[CREDITED])
    known = json.loads(os.environ["PAYMENT_HUB_DEMO_SECRETS"])
    orders = [order(invoice) for invoice in invoices]
    days = {}
    for code, label, number in PROVIDERS:
        connection = make_connection(env, company, code, label, **known[code])
        days[code] = {"token": connection.token, "orders": orders[:number]}
        del orders[:number]
    env["payment.hub.ledger.setup"].create({"company_id": company.id}).action_apply()
    return {
        "days": days,
        "credit_note": {"id": credit_note.id, "amount": minor(credit_note)},
    }


def make_invoices(env):
    """Return the posted invoices in the order of their numbers."""
    today = env.cr.now().date()
    start = today.replace(day=1)
    customers = [
        env["res.partner"].search([("name", "=", name)], limit=1)
        for name, _email in CUSTOMERS
    ]
    invoices = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customers[number % len(customers)].id,
                "invoice_date": max(start, today - timedelta(INVOICES - 1 - number)),
                "invoice_payment_term_id": env.ref(
                    "account.account_payment_term_30days"
                ).id,
                "invoice_line_ids": [(0, 0, goods) for goods in pick_goods(number)],
            }
            for number in range(INVOICES)
        ]
    )
    invoices.action_post()
    return invoices.sorted("name")


def pick_goods(number):
    """Return one or two lines, so that no two invoices have the same total."""
    name, price = GOODS[number % len(GOODS)]
    lines = [{"name": name, "quantity": 1, "price_unit": price + number}]
    if number % 3 == 0:
        lines.append({"name": "Delivery", "quantity": 1, "price_unit": 35.0})
    return lines


def make_credit_note(env, invoice):
    """Return a draft credit note over a part of an invoice, for goods returned."""
    return env["account.move"].create(
        {
            "move_type": "out_refund",
            "partner_id": invoice.partner_id.id,
            "invoice_date": invoice.invoice_date,
            "reversed_entry_id": invoice.id,
            "ref": f"Return, {invoice.name}",
            "invoice_line_ids": [
                (0, 0, {"name": "Goods returned", "quantity": 1, "price_unit": CREDIT})
            ],
        }
    )


def make_connection(env, company, code, label, secrets, account="", certificate=()):
    """Return the active connection to a provider, in its test environment.

    :param secrets: credentials by their names
    :param certificate: address and PEM text, as if a job had fetched it already
    """
    if certificate:
        url, pem = certificate
        env["payment.hub.certificate"].create({"url": url, "pem": pem})
    connection = env["payment.hub.connection"].create(
        {
            "name": label,
            "provider": code,
            "environment": "test",
            "provider_account": account,
            "company_id": company.id,
            "tz": "UTC",
            "granularity": GRANULARITY.get(code, "event"),
            "secret_ids": [
                (0, 0, {"name": name, "value": value})
                for name, value in secrets.items()
            ],
        }
    )
    connection.action_set_up_ledger()
    connection.action_activate()
    return connection


def order(invoice):
    """Return what the shop asks a provider to collect for an invoice."""
    return {
        "reference": invoice.name,
        "amount": minor(invoice),
        "currency": invoice.currency_id.name.lower(),
        "customer": invoice.partner_id.name,
        "email": invoice.partner_id.email,
    }


def minor(move):
    """Return the total of a document in minor units."""
    return round(move.amount_total * 10**move.currency_id.decimal_places)


def main(verb, config, database, result=None):
    """Do one of the two in one transaction; write the result to a file."""
    from odoo import SUPERUSER_ID, api
    from odoo.orm.registry import Registry
    from odoo.tools import config as options

    options.parse_config(["-c", config, "-d", database], setup_logging=True)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        done = {"prepare": prepare, "open": open_day}[verb](env)
    if result:
        Path(result).write_text(json.dumps(done), encoding="utf-8")


if __name__ == "__main__":
    started = time.monotonic()
    main(*sys.argv[1:])
    print(f"{sys.argv[1]}: {time.monotonic() - started:.1f} s")

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The books that the benchmarks write into, made inside Odoo.

Run as a program: ``books.py invoices|connect CONFIG DATABASE NUMBER``. *invoices*
makes a company with NUMBER open invoices, on Odoo alone; *connect* makes NUMBER
connections to Stripe, once the addon is installed, and sets up Odoo's own.
"""

import sys
import time

INVOICE_DATE = "2026-01-05"
CUSTOMERS = 200
BATCH = 500
SECRET = "whsec_benchmark"  # noqa: S105 (of a database that lives for one run)
# For speed alone: this is not what is measured.
QUICKLY = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


def make_invoices(env, number):
    """Make posted invoices, one line with the company's tax each, in batches."""
    company = env.ref("base.main_company")
    company.country_id = env.ref("base.us")
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
    env = env(context={**env.context, **QUICKLY, "allowed_company_ids": company.ids})
    customers = env["res.partner"].create(
        [{"name": f"Customer {index:03d}"} for index in range(CUSTOMERS)]
    )
    for start in range(0, number, BATCH):
        batch = range(start, min(start + BATCH, number))
        env["account.move"].create(
            [_invoice(customers[index % CUSTOMERS], index) for index in batch]
        ).action_post()
        env.cr.commit()
        print(f"{batch.stop} invoices", flush=True)


def _invoice(customer, index):
    line = {"name": "Chair", "quantity": 1, "price_unit": 100 + index % 900}
    return {
        "move_type": "out_invoice",
        "partner_id": customer.id,
        "invoice_date": INVOICE_DATE,
        "invoice_line_ids": [(0, 0, line)],
    }


def connect(env, number):
    """Make active connections, each with its ledger, and Odoo's own Stripe provider."""
    company = env.ref("base.main_company")
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    for index in range(number):
        connection = env["payment.hub.connection"].create(
            {
                "name": f"Stripe {index + 1}",
                "company_id": company.id,
                "tz": "UTC",
                "secret_ids": [(0, 0, {"value": SECRET})],
            }
        )
        connection.action_set_up_ledger()
        connection.action_activate()
    env.ref("payment.payment_provider_stripe").write(
        {
            "company_id": company.id,
            "state": "test",
            "stripe_publishable_key": "pk_test_benchmark",
            "stripe_secret_key": "sk_test_benchmark",
            "stripe_webhook_secret": SECRET,
        }
    )


def main(verb, config, database, number):
    """Do one of the two."""
    from odoo import SUPERUSER_ID, api
    from odoo.orm.registry import Registry
    from odoo.tools import config as options

    load = ["--load=base,rpc,web,queue_job"] if verb == "invoices" else []
    options.parse_config(["-c", config, "-d", database, *load], setup_logging=True)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        {"invoices": make_invoices, "connect": connect}[verb](env, int(number))


if __name__ == "__main__":
    started = time.monotonic()
    main(*sys.argv[1:])
    print(f"{sys.argv[1]}: {time.monotonic() - started:.1f} s")

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The books that the fault test pays into, made inside Odoo.

Run as a program: ``books.py VERB CONFIG DATABASE``. *invoices* makes two companies
with the same open invoices, on Odoo alone; *connect* gives each a connection to
Stripe, once the addon is installed.
"""

import sys

COMPANIES = ("Chaos North", "Chaos South")
INVOICES = 150  # of each company
INVOICE_DATE = "2026-01-05"
CUSTOMERS = 10
# For speed alone.
QUICKLY = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


def secret_of(company):
    """Return the signing secret of a company's connection."""
    return "whsec_" + company.lower().replace(" ", "_")


def make_invoices(env):
    """Make the companies, and the same invoices under the same names for each."""
    country = env.ref("base.us")
    main = env.ref("base.main_company")
    main.write({"name": COMPANIES[0], "country_id": country.id})
    others = env["res.company"].create(
        [
            {"name": name, "country_id": country.id, "currency_id": main.currency_id.id}
            for name in COMPANIES[1:]
        ]
    )
    env.cr.commit()  # Odoo gives new companies their chart of accounts only now
    for company in main + others:
        context = {**env.context, **QUICKLY, "allowed_company_ids": company.ids}
        scoped = env(context=context)
        if not company.chart_template:
            scoped["account.chart.template"].try_loading("generic_coa", company)
        _invoice_customers(scoped)


def _invoice_customers(env):
    customers = env["res.partner"].create(
        [{"name": f"Customer {index:02d}"} for index in range(CUSTOMERS)]
    )
    env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customers[index % CUSTOMERS].id,
                "invoice_date": INVOICE_DATE,
                "invoice_line_ids": [
                    (0, 0, {"name": "Chair", "price_unit": 40.37 + 7.13 * index})
                ],
            }
            for index in range(INVOICES)
        ]
    ).action_post()


def connect(env):
    """Make one active connection for each company; let the admin work in both."""
    companies = env["res.company"].search([("name", "in", COMPANIES)], order="id")
    env.ref("base.user_admin").write(
        {
            "company_ids": [(6, 0, companies.ids)],
            "group_ids": [(4, env.ref("payment_hub.group_manager").id)],
        }
    )
    for company in companies:
        scoped = env(context={**env.context, "allowed_company_ids": company.ids})
        connection = scoped["payment.hub.connection"].create(
            {
                "name": f"Stripe {company.name}",
                "company_id": company.id,
                "tz": "UTC",
                "secret_ids": [(0, 0, {"value": secret_of(company.name)})],
            }
        )
        connection.action_set_up_ledger()
        connection.action_activate()


def main(verb, config, database):
    """Do one of the two in one transaction."""
    from odoo import SUPERUSER_ID, api
    from odoo.orm.registry import Registry
    from odoo.tools import config as options

    load = ["--load=base,rpc,web,queue_job"] if verb == "invoices" else []
    options.parse_config(["-c", config, "-d", database, *load], setup_logging=True)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        {"invoices": make_invoices, "connect": connect}[verb](env)


if __name__ == "__main__":
    main(*sys.argv[1:])

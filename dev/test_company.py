# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The company of the tests in Odoo, with its chart of accounts, made once.

Run as a program: ``test_company.py make CONFIG DATABASE``. Odoo's own test classes make
a company each, which takes more time than their tests.
"""

import sys

NAME = "company_1_data"  # as Odoo's own test classes call theirs


def main(_verb, config, database):
    """Make the company; nothing if it is there."""
    from odoo import SUPERUSER_ID, api
    from odoo.orm.registry import Registry
    from odoo.tools import config as options

    options.parse_config(["-c", config, "-d", database], setup_logging=True)
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})
        company = env["res.company"]
        if not company.search([("name", "=", NAME)]):
            env["account.chart.template"].try_loading(
                "generic_coa", company.create({"name": NAME}), install_demo=False
            )


if __name__ == "__main__":
    main(*sys.argv[1:])

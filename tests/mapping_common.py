# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError

from .common import PaymentHubCommon


class MappingCommon(PaymentHubCommon):
    """Accounts of each kind, and rows that name them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Mapping = cls.env["payment.hub.mapping"].with_company(cls.company)
        cls.fees = cls.make_account("Fees", "expense")
        cls.other_fees = cls.make_account("Other Fees", "expense")
        cls.hold = cls.make_account("Hold", "asset_current", reconcile=True)

    @classmethod
    def make_account(cls, name, account_type, company=None, **vals):
        """An account; ``asset_current`` ones can be reconciled when told so."""
        company = company or cls.company
        Account = cls.env["account.account"].with_company(company).sudo()
        return Account.create(
            {
                "name": name,
                "code": Account._search_new_account_code("777000"),
                "account_type": account_type,
                "company_ids": [Command.set(company.ids)],
                **vals,
            }
        )

    def other_company(self):
        """Data of a second company, which the user may see, too."""
        data = self.setup_other_company()
        self.env.user.company_ids += data["company"]
        companies = self.company + data["company"]
        self.Mapping = self.Mapping.with_context(allowed_company_ids=companies.ids)
        return data

    @contextmanager
    def assertRefusal(self, text):
        """What is done inside is refused with ``text`` (a pattern), and undone."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), text)

    def make_row(self, event_type="fee.charged", **vals):
        """A row of the test's company; by default, fees are booked to ``fees``."""
        if vals.get("treatment", "post") == "post":
            vals.setdefault("account_id", self.fees.id)
        return self.Mapping.create(
            {"company_id": self.company.id, "event_type": event_type, **vals}
        )

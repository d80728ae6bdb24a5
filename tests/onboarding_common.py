# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The wizard that connects a provider, as a person goes through it."""

from lxml import etree

from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from . import acme
from .common import PaymentHubCommon


class OnboardingCommon(PaymentHubCommon):
    def setUp(self):
        super().setUp()
        self.api = self.enterContext(acme.registered())

    def connect(self, provider):
        """Take the first step; return the wizard at the second one."""
        form = Form(self.env["payment.hub.onboarding"])
        form.provider = provider
        wizard = form.save()
        wizard.action_continue()
        return wizard

    def answer(self, wizard, **values):
        """Fill in the page as a person does, and go on."""
        with Form(wizard) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return wizard.action_continue()

    def fill_in(self, wizard, until="test", key=acme.KEY):
        """Answer what Acme asks, up to a step."""
        answers = {
            "account": {"text": "M1"},
            "credential/client_id": {"value": "client_4321"},
            "credential/api_key": {"value": key},
        }
        while wizard.step != until:
            self.answer(wizard, **answers.get(wizard.step, {}))

    def buttons(self, record):
        """Names of the buttons that a manager sees on a record's form."""
        arch = etree.fromstring(record.get_view(view_type="form")["arch"])
        names = [
            node.get("name")
            for node in arch.iter("field")
            if not node.xpath("ancestor::field")
        ]
        values = {
            name: value[0] if isinstance(value, tuple) else value
            for name, value in record.read(names)[0].items()
        }
        return {
            button.get("name")
            for button in arch.iter("button")
            if not button.xpath("ancestor::field")
            and not any(
                safe_eval(node.get("invisible", "False"), dict(values))
                for node in (button, *button.iterancestors())
            )
        }

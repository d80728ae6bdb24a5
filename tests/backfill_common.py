# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A provider whose lists a test pulls."""

from datetime import datetime

from . import fake_provider as fake
from .common import PaymentHubCommon

LANE_LOGGER = "odoo.addons.payment_hub.models.payment_hub_lane"
SINCE = datetime(2026, 1, 1)
UNTIL = datetime(2026, 1, 11)


class BackfillCommon(PaymentHubCommon):
    """A connection to the fake provider, and what its API is to answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = fake.FakeApi()
        cls.startClassPatcher(fake.registered(cls.api))
        cls.fake = cls.make_connection("Fake", provider=fake.CODE)
        cls.backfills = cls.env["payment.hub.backfill"].sudo()

    def setUp(self):
        super().setUp()
        self.api.asked = []

    def start(self, *answers, streams=("events",)):
        self.api.answers = list(answers)
        return self.backfills._start(self.fake, streams, SINCE, UNTIL)

    def pull(self, backfill, times=10):
        """Run the job until there is nothing to do now; return how often it ran."""
        for count in range(times):
            if backfill.state != "running":
                return count
            backfill._job_pull()
        return times

    def jobs(self):
        return (
            self.env["queue.job"]
            .sudo()
            .search([("method_name", "=", "_job_pull"), ("state", "=", "pending")])
        )

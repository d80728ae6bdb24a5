# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A certificate that a message names is fetched by a job, never by the webhook."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..engine.errors import CertificateUnknown, SignatureRefused
from ..engine.providers.client import Missing, Unavailable
from ..models import payment_hub_certificate
from . import fake_provider as fake
from . import stripe_messages as stripe
from .http_common import PaymentHubHttpCommon

URL = "https://certificates.example.com/1"
PEM = "-----BEGIN CERTIFICATE-----"
LOGGER = "odoo.addons.payment_hub.models.payment_hub_certificate"


def verify(_body, headers, keys, _now, tolerance=300):
    """Take what names a certificate that is at hand, and is the right one."""
    url = headers.get("certificate", "")
    if not url.startswith("https://certificates.example.com/"):
        raise SignatureRefused("Not an address of the provider.")
    if keys.certificates.get(url, "ended") == "ended":
        raise CertificateUnknown(url)
    if keys.certificates[url] != PEM:
        raise SignatureRefused("Not the provider's certificate.")
    return 0


@tagged("post_install", "-at_install")
class TestCertificates(PaymentHubHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = fake.FakeApi()
        cls.startClassPatcher(fake.registered(cls.api, verify=verify))
        cls.connection = cls.make_connection("Fake", provider=fake.CODE)

    def setUp(self):
        super().setUp()
        self.api.answers = []
        self.api.asked = []

    def post_signed(self, url=URL, number=1):
        return self.post(stripe.captured(number, 100), {"Certificate": url})

    def jobs(self):
        return (
            self.env["queue.job"]
            .sudo()
            .search(
                [
                    ("method_name", "=", "_job_fetch_certificate"),
                    ("state", "=", "pending"),
                ]
            )
        )

    def fetch(self, *answers, url=URL):
        self.api.answers = list(answers)
        self.connection._job_fetch_certificate(url)

    def certificates(self):
        return self.env["payment.hub.certificate"].sudo().search([])

    def test_message_is_taken_once_the_certificate_is_there(self):
        answer = self.post_signed()
        self.assertProblem(answer, 503)
        self.assertTrue(15 <= int(answer.getheader("Retry-After")) <= 60)
        self.assertFalse(self.deliveries())
        self.assertFalse(self.connection.refusal_ids, "it is not the sender's fault")
        self.assertFalse(self.api.asked, "the webhook calls nobody")
        job = self.jobs()
        self.assertEqual(job.records, self.connection)
        self.assertEqual(job.args, [URL])
        self.assertEqual(job.channel, "root.payment_hub.provider")
        self.fetch(PEM)
        self.assertEqual(self.api.asked, [("certificate", URL)])
        self.assertEqual(self.certificates().mapped("url"), [URL])
        answer = self.post_signed()
        self.assertEqual((answer.status, answer.text), (200, '{"status": "accepted"}'))
        self.assertEqual(len(self.deliveries()), 1)
        self.fetch()
        self.assertEqual(len(self.api.asked), 1, "it is there already")

    def test_certificate_that_has_ended_is_fetched_anew(self):
        self.fetch("ended")
        self.certificates().fetched_at -= timedelta(days=400)
        self.assertProblem(self.post_signed(), 503)
        self.assertEqual(self.jobs().args, [URL])
        self.fetch(PEM)
        self.assertEqual(self.certificates().mapped("pem"), [PEM])
        self.assertEqual(self.post_signed().status, 200)

    def test_wrong_certificate_is_refused(self):
        self.fetch("another")
        self.assertProblem(self.post_signed(), 401)
        self.assertFalse(self.deliveries())

    def test_many_addresses_make_few_jobs_at_a_time(self):
        with patch.object(payment_hub_certificate, "JOBS", 2):
            for number in range(10):
                self.assertProblem(self.post_signed(f"{URL}?{number}"), 503)
        self.assertEqual(len(self.jobs()), 2)
        self.assertTrue(all(self.jobs().mapped("eta")), "not as fast as messages come")
        self.assertProblem(self.post_signed("https://evil.example.com/1"), 401)
        self.assertEqual(len(self.jobs()), 2)

    def test_no_more_certificates_than_a_number(self):
        with patch.object(payment_hub_certificate, "MAX_KEPT", 3):
            for number in range(5):
                self.fetch(PEM, url=f"{URL}?{number}")
        self.assertEqual(
            sorted(self.certificates().mapped("url")),
            [f"{URL}?{number}" for number in (2, 3, 4)],
        )

    def test_somebody_is_told_while_messages_are_turned_away(self):
        with mute_logger(LOGGER):
            self.fetch(Missing("No such certificate"))
            self.fetch(Unavailable("No answer"))
        self.assertFalse(self.certificates())
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual(exception.cause, "certificate_missing")
        self.assertEqual(exception.detail, "No answer")
        refusal = self.connection.refusal_ids
        self.assertEqual(refusal.cause, "certificate_missing", "of the invented one")
        self.assertIn(self.connection.name, exception.display_name)
        self.fetch(PEM)
        self.assertEqual(exception.state, "resolved")

    def test_two_connections_fetch_the_same(self):
        self.fetch(PEM)
        with patch.object(payment_hub_certificate, "FRESH", timedelta(0)):
            self.fetch(PEM)
        self.assertEqual(len(self.api.asked), 2)
        self.assertEqual(len(self.certificates()), 1)

    def test_who_sees_them(self):
        self.fetch(PEM)
        for role in ("manager", "operator"):
            user = new_test_user(
                self.env, f"pem_{role}", groups=f"payment_hub.group_{role}"
            )
            certificates = self.env["payment.hub.certificate"].with_user(user)
            if role == "manager":
                self.assertEqual(certificates.search([]).pem, PEM)
                self.assertFalse(certificates.has_access("write"))
            else:
                with self.assertRaises(AccessError):
                    certificates.search([])

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The trading days at the three providers: who signs what, and where it is sent."""

import secrets

import demo_day_adyen
import demo_day_paypal
import demo_day_stripe
import player
import player_adyen
import player_paypal
from demo_play import play

WEBHOOK = "/payment_hub/webhook/"
SIGNING = "signing_secret"


class ProviderDay:
    """A day of one provider, about to be played.

    :param day: a ``Day`` of one of the modules demo_day_*
    :param sender: the :class:`player.Sender` that reaches the provider's webhook
    """

    def __init__(self, code, day, sender):
        self.code = code
        self.provider = day.provider
        self.account = day.account
        self.sender = sender
        self.morning, self.afternoon = day.write()
        self.report = day.report
        self.answers = {}  # act: Counter of answers
        self._forgers_secret = day.forgers_secret

    def play_morning(self):
        """Deliver the messages before noon."""
        play(self.morning, self.sender, self.answers, self._forgers_secret)

    def play_afternoon(self):
        """Deliver the messages after noon."""
        play(self.afternoon, self.sender, self.answers, self._forgers_secret)


def identities():
    """Make what the providers sign with: by provider, fresh for each run."""
    return {
        "stripe": f"whsec_{secrets.token_hex(16)}",
        "paypal": player_paypal.identity(),
        "adyen": secrets.token_hex(32),
    }


def secrets_of(known, api):
    """Give what the hub has to know of that.

    :param api: the running :class:`player_paypal_api.Api`
    """
    signer, certificate, _root = known["paypal"]
    return {
        "stripe": {"secrets": {SIGNING: known["stripe"]}},
        "paypal": {
            "secrets": {SIGNING: signer.webhook_id, **api.credentials()},
            "certificate": (signer.certificate_url, certificate),
        },
        "adyen": {
            "secrets": {SIGNING: known["adyen"]},
            "account": demo_day_adyen.MERCHANT,
        },
    }


def write(url, company, known, api, credited, opening, closing):
    """Return each provider's day.

    :param company: what demo_company.open_day told
    :param credited: amount of the credit note that is posted at noon, minor units
    """
    orders = {
        code: [player.Order(**order) for order in day["orders"]]
        for code, day in company["days"].items()
    }
    signer, _certificate, _root = known["paypal"]
    days = (
        (
            "stripe",
            demo_day_stripe.Day(orders["stripe"], credited, opening, closing),
            known["stripe"],
            player.signed,
        ),
        (
            "paypal",
            demo_day_paypal.Day(
                orders["paypal"], signer, api.objects, opening, closing
            ),
            signer,
            player_paypal.signed,
        ),
        (
            "adyen",
            demo_day_adyen.Day(orders["adyen"], known["adyen"], opening, closing),
            known["adyen"],
            player_adyen.signed,
        ),
    )
    return [
        ProviderDay(
            code,
            day,
            player.Sender(
                f"{url}{WEBHOOK}{company['days'][code]['token']}", secret, sign
            ),
        )
        for code, day, secret, sign in days
    ]

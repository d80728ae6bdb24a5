# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Payment Hub Demonstration",
    "summary": "Lets the demonstration's server trust the player of PayPal",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "author": "Payment Hub contributors",
    "website": "https://github.com/payment-hub/payment_hub",
    "depends": ["payment_hub"],
    "installable": True,
}

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration's server: Odoo behind the port that people use."""

import odoo_run
import python_env
from demo_front import Front
from odoo_server import OdooServer
from paths import ADDONS, ROOT, STATE

# The certificate in which the chain of PayPal's player ends.
ROOT_CERTIFICATE = STATE / "demo-paypal-root.pem"


class Server(OdooServer):
    """Odoo with two HTTP workers and the job runner, behind one port.

    :param port: what people and Stripe use; refused when something listens on it
    :param paypal_url: of the API of PayPal's player
    """

    def __init__(self, database, port, paypal_url):
        super().__init__(database, "demo.log")
        self._paypal_url = paypal_url
        self._front = Front(port)
        self.url = self._front.url

    def __exit__(self, *_failure):
        self.stop()
        self._front.server_close()

    def options(self):
        """Trust the player of PayPal."""
        ours = ROOT / "dev" / "addons"
        addons = [python_env.site_packages() / "odoo" / "addons", ADDONS, ours]
        wide = [*odoo_run.wide_modules(), "payment_hub_demo"]
        return super().options() | {
            "--addons-path": ",".join(map(str, addons)),
            "--load": ",".join(wide),
        }

    def environment(self):
        """Tell the server where PayPal's player is, and under which root it signs."""
        return super().environment() | {
            "PAYMENT_HUB_DEMO_ROOT": str(ROOT_CERTIFICATE),
            "PAYMENT_HUB_DEMO_PAYPAL": self._paypal_url,
        }

    def start(self):
        """Start Odoo, and pass on what comes to the port."""
        self.log.unlink(missing_ok=True)
        super().start()
        self._front.open(self.port, self.websocket_port)

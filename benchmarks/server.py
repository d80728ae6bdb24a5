# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo with two HTTP workers as in production, with or without those who drain."""

from tools import HERE, odoo_run, odoo_server, paths, python_env

EMPTY = "/payment_hub_bench/empty"
FLOOR = "/payment_hub_bench/floor"


class DrainingServer(odoo_server.OdooServer):
    """A context manager; a job runner and a cron wake and drain the lanes."""

    def __init__(self, database):
        super().__init__(database, "bench-server.log")

    def __enter__(self):
        self.log.unlink(missing_ok=True)
        self.start()
        try:
            self.wait_until_served("/web/health")
        except BaseException:
            self.stop()
            raise
        return self


class Server(DrainingServer):
    """The routes to measure against, and nobody who drains: only requests count."""

    def options(self):
        """Add the addon with the routes, and start no cron."""
        ours = HERE / "addons"
        addons = [python_env.site_packages() / "odoo" / "addons", paths.ADDONS, ours]
        wide = [*odoo_run.wide_modules(), "payment_hub_bench"]
        return super().options() | {
            "--addons-path": ",".join(map(str, addons)),
            "--load": ",".join(wide),
            "--max-cron-threads": 0,
        }

    def environment(self):
        """Start no job runner."""
        return super().environment() | {"ODOO_QUEUE_JOB_CHANNELS": "root:0"}

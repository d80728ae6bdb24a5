# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A browser for the tests that click through the web client.

Odoo's test class looks for the browser itself, and gives it ``--no-sandbox``
and ``--headless``. This is the one thing that is installed on the system, and
only when we are root.
"""

import os
import shutil

from steps import SetupError, run, say, step

# The names that Odoo's own test class looks for.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
INSTALL = "apt-get install -y --no-install-recommends chromium"


def find():
    """Return the path of a browser, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure():
    """Return why there is no browser, or an empty text when there is one."""
    if os.environ.get("PAYMENT_HUB_NO_BROWSER"):
        return "switched off by PAYMENT_HUB_NO_BROWSER"
    if find():
        return ""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return f"no browser on this machine; as root: {INSTALL}"
    try:
        with step("Installing Chromium for the browser tests"):
            _install()
    except SetupError as error:
        say(error.message)
        return f"no browser could be installed with: {INSTALL}"
    return "" if find() else f"no browser after: {INSTALL}"


def _install():
    """Install Chromium with the machine's package manager."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    wait = ["-o", "DPkg::Lock::Timeout=300"]  # another apt may be at work
    run(["apt-get", *wait, "-q", "update"], "apt-get update", env=env)
    command = [*INSTALL.split(), *wait]
    run(command, "Installing Chromium", env=env, log="chromium.log")


def test_environment():
    """Return the variables that tell the tests about the browser."""
    reason = ensure()
    if not reason:
        return {}
    say(f"[ skip ] browser tests: {reason}")
    return {"PAYMENT_HUB_NO_BROWSER": reason}

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's command line as a file.

With worker processes, Odoo starts its second server by the name of the file it
was itself started from; that fails for ``python -m odoo``.
"""

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()

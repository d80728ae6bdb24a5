# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The domain of the payment hub in plain Python.

No module here imports Odoo, reads a clock, opens a connection or draws a random
number: what comes in decides what comes out, so any message can be replayed.
"""

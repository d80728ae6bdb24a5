# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Payment Hub: Benchmarks",
    "version": "19.0.1.0.0",
    "author": "Payment Hub contributors",
    "license": "LGPL-3",
    "category": "Hidden",
    "summary": "Routes to measure against. Never for a real server.",
    "depends": ["web"],
    "installable": True,
}

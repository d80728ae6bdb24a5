# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
#
# Every target does all the set-up it needs, in .odoo/. See README.rst.

PYTHON ?= python3
HUB = $(PYTHON) dev/hub.py
# More arguments for a target: make test T="-k stripe", make bench A="posting"
T ?=
A ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test unit neighbours lint format bench chaos fuzz stop clean pot codes wheel shell

help:  ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /  \1|/p' $(MAKEFILE_LIST) | \
	  awk -F'|' '{ printf "%-10s %s\n", $$1, $$2 }'

setup:  ## Make the environment: Odoo 19, Python packages, PostgreSQL
	@$(HUB) setup

demo:  ## Play a trading day, then keep serving (EXIT=1: stop instead; PORT=8069)
	@$(HUB) demo $(A)

test:  ## Run all tests (T="-k name" goes to the tests in Odoo)
	@$(HUB) test $(T)

unit:  ## Run the engine's tests only, without Odoo (T="-k name")
	@$(HUB) unit $(T)

neighbours:  ## Run the suites of Odoo's own providers, without and with the addon
	@$(HUB) neighbours

lint:  ## Check style and conventions
	@$(HUB) lint

format:  ## Rewrite the files in the project's style
	@$(HUB) format

bench:  ## Run the benchmarks (QUICK=1, FULL=1, DELIVERIES=n, A="posting")
	@$(HUB) bench $(A)

chaos:  ## Kill everything under load, then check the ledger (SEED=n, LONG=1, ROUNDS=n)
	@$(HUB) chaos

fuzz:  ## Let a fuzzer loose on parsers and signatures (SECONDS=20, A="stripe")
	@$(HUB) fuzz $(A)

pot:  ## Export the terms to translate to i18n/payment_hub.pot
	@$(HUB) pot

codes:  ## Write what becomes of each provider's codes to docs/provider-codes.md
	@$(HUB) codes

wheel:  ## Build the addon's wheel in dist/
	@$(HUB) wheel

shell:  ## Open Odoo's shell on the demo's database
	@$(HUB) shell

stop:  ## Stop the database server
	@$(HUB) stop

clean:  ## Stop the database server and remove .odoo/
	@$(HUB) clean

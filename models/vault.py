# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Encryption of provider secrets at rest.

The keys live outside the database, so that a dump of it reveals no secret: in the
environment variable ``PAYMENT_HUB_SECRET_KEYS`` or, without it, in the option
``payment_hub_secret_keys`` of the Odoo configuration file. Several keys are separated
by commas: the first one encrypts, all of them decrypt (rotation).
"""

import os
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo.tools import config

ENVIRONMENT = "PAYMENT_HUB_SECRET_KEYS"
OPTION = "payment_hub_secret_keys"
REMEDY = (
    f"Make a key with `python3 -c 'from cryptography.fernet import Fernet; "
    f"print(Fernet.generate_key().decode())'`, put it into the environment variable "
    f"{ENVIRONMENT} or the option {OPTION} of the Odoo configuration file, "
    f"and restart Odoo."
)


class VaultError(Exception):
    """Secrets cannot be encrypted or decrypted; the message says what to do."""


def encrypt(secret):
    """Return the ciphertext (str) of ``secret`` (str). Raises VaultError."""
    return _keyring().encrypt(secret.encode()).decode()


def decrypt(ciphertext):
    """Return the secret (str) of ``ciphertext`` (str). Raises VaultError."""
    try:
        return _keyring().decrypt(ciphertext.encode()).decode()
    except InvalidToken:
        raise VaultError(
            "This secret was encrypted with a key that is no longer configured. "
            f"Add the old key again at the end of {ENVIRONMENT}, or enter the "
            "secret anew."
        ) from None


def is_ready():
    """Whether usable keys are configured."""
    try:
        _keyring()
    except VaultError:
        return False
    return True


def _keyring():
    return _keyring_of(os.environ.get(ENVIRONMENT) or config.get(OPTION) or "")


@lru_cache(maxsize=1)
def _keyring_of(configured):
    keys = [key.strip() for key in configured.split(",") if key.strip()]
    if not keys:
        raise VaultError(f"There is no key to encrypt secrets with. {REMEDY}")
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise VaultError(f"A configured key is not a Fernet key. {REMEDY}") from None

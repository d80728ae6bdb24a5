# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The virtual environment in ``.odoo/venv``, with exactly pinned packages.

Runs before the environment exists, so it uses the standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import apt
from paths import REQUIREMENTS, ROOT, VENV, VENV_PYTHON, WORK
from steps import SetupError, forget_state, read_state, run, step, write_state

SUPPORTED = ((3, 11), (3, 12), (3, 13))
STATE = "python"
SITE_LINK = "payment_hub_odoo.pth"


def fingerprint(group):
    """Return a hash of the pins of one group of packages."""
    return hashlib.sha256((REQUIREMENTS / f"{group}.txt").read_bytes()).hexdigest()


def ensure(groups):
    """Make the environment and install the groups whose pins have changed."""
    state = read_state(STATE)
    if state.get("root") != str(ROOT) or not VENV_PYTHON.exists():
        state = _create()
    installed = state["groups"]
    for group in groups:
        if installed.get(group) == fingerprint(group):
            continue
        with step(f"Installing Python packages: {group}"):
            _pip_install(group)
        installed[group] = fingerprint(group)
        write_state(STATE, **state)


def _create():
    """Create the environment afresh; a half-made or moved one goes first."""
    forget_state(STATE)
    shutil.rmtree(VENV, ignore_errors=True)
    python = _interpreter()
    with step(f"Creating the Python environment with {python}"):
        has_pip = _can(python, "import ensurepip")
        arguments = [] if has_pip else ["--without-pip"]
        run([python, "-m", "venv", *arguments, VENV], "Creating the environment")
        if not has_pip:
            _install_pip()
    state = {"root": str(ROOT), "groups": {}}
    write_state(STATE, **state)
    return state


def _interpreter():
    """Return a Python of a supported version: this one, else from PATH."""
    if sys.version_info[:2] in SUPPORTED:
        # Never the environment that may be about to be replaced.
        return getattr(sys, "_base_executable", sys.executable)
    for major, minor in reversed(SUPPORTED):
        found = shutil.which(f"python{major}.{minor}")
        if found and _can(found, "import venv"):
            return found
    raise SetupError(
        f"Python {sys.version.split()[0]} cannot run Odoo 19.",
        "Install Python 3.11, 3.12 or 3.13 and run: make PYTHON=python3.13 ...",
    )


def _can(python, statement):
    """Tell whether an interpreter can run a statement."""
    result = subprocess.run([python, "-c", statement], capture_output=True, check=False)
    return result.returncode == 0


def _install_pip():
    """Put pip into the environment from the wheel that Debian ships.

    Debian splits ``ensurepip`` off into python3-venv. Its wheel of pip can
    be had without installing anything on the system.
    """
    remedy = "Install Debian's package python3-venv (as root: apt-get install it)."
    folder = WORK / "debs-pip"
    try:
        (deb,) = apt.download(["python3-pip-whl"], folder)
    except SetupError as error:
        raise SetupError("This Python has no ensurepip.", remedy) from error
    apt.unpack(deb, folder / "files")
    wheels = list((folder / "files/usr/share/python-wheels").glob("pip-*.whl"))
    if not wheels:
        raise SetupError("This Python has no ensurepip.", remedy)
    wheel = wheels[0]
    run(
        [VENV_PYTHON, f"{wheel}/pip", "install", "--no-index", wheel],
        "Installing pip",
        remedy,
    )
    shutil.rmtree(folder, ignore_errors=True)


def _pip_install(group):
    """Install one group. The pins are complete, so nothing is resolved."""
    command = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "-r", REQUIREMENTS / f"{group}.txt"]
    run(
        command,
        f"Installing the Python packages of {group}.txt",
        "pip must reach a package index (see `pip config list`). "
        "Run the same command again; it resumes.",
        log=f"pip-{group}.log",
    )


def link_odoo(base):
    """Make Odoo importable in the environment through a ``.pth`` file."""
    target = site_packages() / SITE_LINK
    line = f"{base}\n"
    if not target.is_file() or target.read_text(encoding="utf-8") != line:
        target.write_text(line, encoding="utf-8")


def site_packages():
    """Return the environment's folder of installed packages."""
    return next(iter(sorted((VENV / "lib").glob("python3.*/site-packages"))))


def inside():
    """Tell whether this process runs in the environment."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def reenter():
    """Start this program again inside the environment."""
    if not inside():
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), *sys.argv])

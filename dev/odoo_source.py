# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find Odoo 19: ``ODOO_SRC``, else ``ODOO_DEB``, else Debian's package."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import apt
from paths import WORK
from steps import SetupError, forget_state, read_state, run, step, write_state

PACKAGE = "odoo-19"
SERIES = (19, 0)
DEBIAN_PYTHON = Path("usr/lib/python3/dist-packages")
UNPACKED = WORK / "odoo"


@dataclass(frozen=True)
class Odoo:
    """A source tree of Odoo.

    ``base`` is the folder to put on ``sys.path``; ``identity`` changes when
    the code does, so that databases made with other code are not reused.
    """

    base: Path
    identity: str


def ensure():
    """Return Odoo 19, fetching and unpacking it when needed."""
    if os.environ.get("ODOO_SRC"):
        return _from_tree(Path(os.environ["ODOO_SRC"]).expanduser().resolve())
    deb = os.environ.get("ODOO_DEB")
    if deb:
        return _from_deb_file(Path(deb).expanduser().resolve())
    state = read_state("odoo")
    if state.get("origin") == PACKAGE and (UNPACKED / DEBIAN_PYTHON).is_dir():
        return Odoo(UNPACKED / DEBIAN_PYTHON, state["identity"])
    (deb_file,) = apt.download([PACKAGE], WORK / "debs")
    odoo = _unpack(deb_file, PACKAGE)
    shutil.rmtree(WORK / "debs", ignore_errors=True)
    return odoo


def _from_tree(tree):
    """Return the Odoo in a folder given as ``ODOO_SRC``."""
    for base in (tree, tree / DEBIAN_PYTHON):
        if (base / "odoo" / "release.py").is_file():
            _check_series(base, f"ODOO_SRC ({tree})")
            if WORK in base.parents:  # unpacked by us, so ours to mend
                _add_left_out_scripts(base)
            return Odoo(base, f"{base} {_revision(base)}")
    raise SetupError(
        f"ODOO_SRC ({tree}) has no odoo/release.py.",
        "Point it at the top folder of a source tree of Odoo 19.",
    )


def _from_deb_file(deb):
    """Return the Odoo of a package file given as ``ODOO_DEB``."""
    if not deb.is_file():
        raise SetupError(
            f"ODOO_DEB ({deb}) is not a file.",
            f"Point it at the file of Debian's package {PACKAGE}.",
        )
    stat = deb.stat()
    origin = f"{deb} {stat.st_size} {stat.st_mtime_ns}"
    state = read_state("odoo")
    if state.get("origin") == origin and (UNPACKED / DEBIAN_PYTHON).is_dir():
        return Odoo(UNPACKED / DEBIAN_PYTHON, state["identity"])
    return _unpack(deb, origin)


def _unpack(deb, origin):
    """Unpack Odoo's package with the fonts and scripts that it links to."""
    forget_state("odoo")
    fresh = UNPACKED.with_name("odoo.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fields = run(["dpkg-deb", "-f", deb, "Version", "Depends"], f"Reading {deb.name}")
    assets = _asset_packages(fields)
    files = apt.download(assets, WORK / "debs")
    with step("Unpacking Odoo"):
        for file in (deb, *files):
            apt.unpack(file, fresh)
        _check_series(fresh / DEBIAN_PYTHON, deb.name)
        _add_left_out_scripts(fresh / DEBIAN_PYTHON)
        # Files of the package's build, not used at run time.
        shutil.rmtree(fresh / DEBIAN_PYTHON / "addons", ignore_errors=True)
        shutil.rmtree(UNPACKED, ignore_errors=True)
        fresh.replace(UNPACKED)
    version = re.search(r"^Version: (\S+)", fields, re.MULTILINE).group(1)
    identity = f"{PACKAGE} {version}"
    write_state("odoo", origin=origin, identity=identity)
    return Odoo(UNPACKED / DEBIAN_PYTHON, identity)


def _asset_packages(fields):
    """Return the fonts and JavaScript that the package depends on.

    Odoo's package holds links to their files, relative to its own, so that
    unpacking them into the same folder makes the links good.
    """
    depends = re.search(r"^Depends: (.*)$", fields, re.MULTILINE).group(1)
    first = (alternative.split("|")[0] for alternative in depends.split(","))
    names = (re.sub(r"[\s(:].*", "", name.strip()) for name in first)
    return [name for name in names if re.match(r"fonts-|libjs-|gsfonts", name)]


def _add_left_out_scripts(base):
    """Put empty scripts where Debian has left out ones it may not distribute.

    The web client reports each one missing as an error, on every page, and
    that makes any test in a browser fail.
    """
    addons = base / "odoo" / "addons"
    for manifest in addons.glob("*/__manifest__.py"):
        text = manifest.read_text(encoding="utf-8", errors="replace")
        for name in re.findall(r"""["'](\w+/static/lib/[^"'*]+\.js)["']""", text):
            script = addons / name
            if (addons / name.split("/")[0]).is_dir() and not os.path.lexists(script):
                script.parent.mkdir(parents=True, exist_ok=True)
                script.write_text("/* left out by Debian */\n", encoding="utf-8")


def _check_series(base, origin):
    """Refuse any other series than 19.0."""
    release = base / "odoo" / "release.py"
    text = release.read_text(encoding="utf-8") if release.is_file() else ""
    match = re.search(r"^version_info\s*=\s*\(\s*(\d+),\s*(\d+)", text, re.MULTILINE)
    found = tuple(int(part) for part in match.groups()) if match else None
    if found != SERIES:
        label = ".".join(map(str, found)) if found else "no known version"
        raise SetupError(f"{origin} is not Odoo 19.0 but {label}.", apt.NO_SOURCE)


def _revision(base):
    """Return the commit of a git checkout, else the release file's time."""
    if (base / ".git").exists():
        result = subprocess.run(
            ["git", "-C", str(base), "rev-parse", "HEAD"],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if result.returncode == 0:
            return result.stdout.strip()
    return str((base / "odoo" / "release.py").stat().st_mtime_ns)

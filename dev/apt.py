# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Download Debian packages without touching the system.

apt runs with its lists, cache and status inside ``.odoo/apt``. The mirror is
the one the machine itself uses for Debian's main archive, read from its own
apt configuration; the suite is ``sid``, the only one with Odoo 19.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from paths import WORK
from steps import EXIT_NO_PACKAGE, SetupError, run, step

SUITE = "sid"
HOME = WORK / "apt"
KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.pgp",
    "/usr/share/keyrings/debian-archive-keyring.gpg",
)
NO_SOURCE = (
    "Set ODOO_SRC to a folder with the source of Odoo 19, or ODOO_DEB to the "
    "file of Debian's package odoo-19, and run the same command again."
)
# What apt says when the archive answers, but has not got what we ask for.
ABSENT = re.compile(
    r"404 +Not Found|does not have a Release file|no longer has a Release file"
    r"|Unable to locate package|has no installation candidate"
    r"|Can't find a source to download|No packages found"
)


@dataclass(frozen=True)
class Source:
    """One archive of the machine's apt configuration."""

    uri: str
    suite: str
    components: tuple
    signed_by: str = ""


def _entries_deb822(text):
    """Yield the archives of a ``.sources`` file."""
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        fields = {}
        key = None
        for line in lines:
            if line[:1] in " \t" and key:
                fields[key] += "\n" + line.strip()
            elif ":" in line:
                key, value = line.split(":", 1)
                key = key.strip().lower()
                fields[key] = value.strip()
        if "deb" not in fields.get("types", "").split():
            continue
        if fields.get("enabled", "yes").lower() in ("no", "false"):
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield Source(
                    uri,
                    suite,
                    tuple(fields.get("components", "").split()),
                    fields.get("signed-by", "").strip(),
                )


def _entries_list(text):
    """Yield the archives of a one-line-style ``.list`` file."""
    for line in text.splitlines():
        match = re.match(r"deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+(\S+)\s*(.*)", line.strip())
        if match:
            options, uri, suite, components = match.groups()
            signed = re.search(r"signed-by=(\S+)", options or "", re.IGNORECASE)
            yield Source(
                uri,
                suite,
                tuple(components.split("#")[0].split()),
                signed.group(1) if signed else "",
            )


def machine_sources():
    """Return the archives the machine's apt is set up with."""
    shell = run(
        ["apt-config", "shell", "LIST", "Dir::Etc::sourcelist/f"]
        + ["PARTS", "Dir::Etc::sourceparts/d"],
        "Reading apt's configuration",
    )
    places = dict(re.findall(r"^(\w+)='(.*)'$", shell, re.MULTILINE))
    files = [Path(places.get("LIST", ""))]
    parts = Path(places.get("PARTS", ""))
    if parts.is_dir():
        files += sorted(parts.glob("*.list")) + sorted(parts.glob("*.sources"))
    found = []
    for path in files:
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            parse = _entries_deb822 if path.suffix == ".sources" else _entries_list
            found.extend(parse(text))
    return found


def _debian_uris():
    """Return the archives that call themselves Debian, as far as apt knows.

    apt knows it of the archives whose lists it has fetched, which a fresh
    container has not done yet.
    """
    result = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(ORIGIN)|$(LABEL)"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        check=False,
    )
    rows = {line for line in result.stdout.splitlines() if line.count("|") == 2}
    return {
        row.split("|")[0].rstrip("/")
        for row in rows
        if row.split("|")[1:] == ["Debian", "Debian"]
    }


def find_mirror():
    """Choose Debian's main archive among the machine's archives."""
    known = _debian_uris()

    def score(source):
        uri = source.uri.rstrip("/")
        return (
            4 * (uri in known)
            + 2 * ("debian-archive" in source.signed_by)
            + bool(re.search(r"/debian(\.list)?$", uri))
        )

    candidates = [
        source
        for source in machine_sources()
        if "main" in source.components
        and not re.search(r"security|updates|backports|/", source.suite)
        and "security" not in source.uri
        and not source.uri.startswith("cdrom:")
    ]
    best = max(candidates, key=score, default=None)
    if best is None or not score(best):
        raise SetupError("apt knows no mirror of Debian's main archive.", NO_SOURCE)
    return best


def _signed_by(source):
    """Return the ``signed-by`` option for a source: a file or nothing."""
    if source.signed_by.startswith("-----BEGIN"):  # the key itself, in the file
        lines = ["" if line == "." else line for line in source.signed_by.split("\n")]
        key = HOME / "archive.asc"
        key.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return f"[signed-by={key}] "
    for keyring in (source.signed_by, *KEYRINGS):
        if keyring and Path(keyring).is_file():
            return f"[signed-by={keyring}] "
    return ""


def _write_config(source):
    """Write the private apt configuration and return its path."""
    for folder in ("lists/partial", "cache/archives/partial", "etc"):
        (HOME / folder).mkdir(parents=True, exist_ok=True)
    line = f"deb {_signed_by(source)}{source.uri} {SUITE} main\n"
    (HOME / "etc" / "sources.list").write_text(line, encoding="utf-8")
    settings = {
        "Dir::State": HOME,
        "Dir::State::lists": HOME / "lists",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": HOME / "cache",
        "Dir::Etc::sourcelist": HOME / "etc" / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "APT::Default-Release": "",
        # The unprivileged download user could not write below the clone.
        "APT::Sandbox::User": "root",
    }
    text = "".join(f'{key} "{value}";\n' for key, value in settings.items())
    # Hooks of the machine would refresh system-wide caches.
    text += "#clear APT::Update::Post-Invoke;\n"
    text += "#clear APT::Update::Post-Invoke-Success;\n"
    config = HOME / "apt.conf"
    config.write_text(text, encoding="utf-8")
    return config


def _apt_get(config, *arguments, cwd=None):
    """Run apt-get with the private configuration."""
    try:
        output = run(
            ["apt-get", "-c", config, "-q", *arguments],
            f"apt-get {arguments[0]}",
            "Check the machine's network and apt set-up. " + NO_SOURCE,
            log=f"apt-{arguments[0]}.log",
            cwd=cwd,
            env={**os.environ, "LC_ALL": "C"},
        )
    except SetupError as error:
        if ABSENT.search(error.message):
            error.code = EXIT_NO_PACKAGE
        raise
    if "W: Failed to fetch" in output or "Some index files failed" in output:
        absent = ABSENT.search(output)
        raise SetupError(
            "apt-get could not fetch Debian's package lists:\n" + output[-800:],
            "Check the machine's network and apt set-up. " + NO_SOURCE,
            EXIT_NO_PACKAGE if absent else 1,
        )
    return output


def download(packages, folder):
    """Download packages of Debian sid into a folder; return their files."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise SetupError("This machine has no apt.", NO_SOURCE, EXIT_NO_PACKAGE)
    folder.mkdir(parents=True, exist_ok=True)
    HOME.mkdir(parents=True, exist_ok=True)
    config = _write_config(find_mirror())
    missing = [name for name in packages if not list(folder.glob(f"{name}_*.deb"))]
    if missing:
        with step(f"Reading the package lists of Debian {SUITE}"):
            _apt_get(config, "update")
        with step("Downloading " + ", ".join(missing)):
            _apt_get(config, "download", *missing, cwd=folder)
    return [next(folder.glob(f"{name}_*.deb")) for name in packages]


def unpack(deb, folder):
    """Unpack a package's files into a folder."""
    run(
        ["dpkg-deb", "-x", deb, folder],
        f"Unpacking {deb.name}",
        "The file may be damaged: remove it and run the same command again.",
    )

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lint, format, export of terms, and the wheel.

Run as a program it is one of the hooks of ``.pre-commit-config.yaml``.
"""

import os
import shutil
import subprocess
import sys

import odoo_run
from paths import ADDON, CACHE, CONFIG, ROOT, VENV_PYTHON, WORK
from steps import SetupError, run, say, step

STAGE = WORK / "stage"
# Not part of the addon: tools that walk through it must not go there.
NOT_ADDON = {"benchmarks", "build", "chaos", "dev", "dist", "docs", "fuzz", "unit"}
# Matters of taste that the OCA's own repositories decide in other ways.
NOT_CHECKED = ("weblate-component-too-long", "xml-header-wrong", "xml-tag-position")


def stage_addon():
    """Return a folder with the addon's name that holds links to its parts.

    Some tools take the addon's name from the folder, follow links, and walk
    through everything below: the link in ``.odoo/addons`` would lead them
    into ``.odoo`` itself, without end.
    """
    target = STAGE / ADDON
    shutil.rmtree(STAGE, ignore_errors=True)
    target.mkdir(parents=True)
    for path in sorted(ROOT.iterdir()):
        if not path.name.startswith((".", "__pycache__")):
            if path.name not in NOT_ADDON:
                (target / path.name).symlink_to(path)
    return target


def _environment():
    """Return the environment of the checkers; their caches stay in .odoo."""
    return odoo_run.environment(
        PRE_COMMIT_HOME=str(CACHE / "pre-commit"),
        PYLINTHOME=str(CACHE / "pylint"),
        RUFF_CACHE_DIR=str(CACHE / "ruff"),
        XDG_CACHE_HOME=str(CACHE),
        # The clone may belong to another user, which git distrusts.
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0="safe.directory",
        GIT_CONFIG_VALUE_0=str(ROOT),
    )


def _call(*command, cwd=ROOT):
    """Run a checker, showing what it says; return its exit code."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode


def _files(*patterns):
    """Return the project's files, tracked or new, that fit the patterns."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    command += patterns
    output = run(command, "git ls-files", cwd=ROOT, env=_environment())
    names = sorted(set(output.split("\0")) - {""})
    return [name for name in names if (ROOT / name).is_file()]


def lint(arguments=()):
    """Run all hooks on all files, new ones too."""
    if not (ROOT / ".git").exists():
        raise SetupError("Not a git checkout.", "The hooks check the files in git.")
    files = _files()
    command = [VENV_PYTHON, "-m", "pre_commit", "run", "--color=never", *arguments]
    return _call(*command, "--files", *files)


def format_files():
    """Rewrite the files in the project's style."""
    failed = _call("ruff", "check", "--fix", "--quiet", ".")
    failed = _call("ruff", "format", "--quiet", ".") or failed
    xml_files = _files("*.xml")
    if xml_files:
        failed = _call(VENV_PYTHON, "dev/xml_style.py", *xml_files) or failed
    for hook in ("trailing-whitespace", "end-of-file"):
        # These two hooks mend what they find, and fail when they have.
        command = [VENV_PYTHON, "-m", "pre_commit", "run", "--color=never", hook]
        _call(*command, "--files", *_files())
    return failed


def pylint():
    """Check the addon with pylint-odoo."""
    target = stage_addon()
    return _call("pylint", f"--rcfile={ROOT / '.pylintrc'}", ADDON, cwd=target.parent)


def oca_checks():
    """Check the addon's XML, CSV and manifest with the OCA's own tool."""
    target = stage_addon()
    return _call("oca-checks-odoo-module", f"--disable={','.join(NOT_CHECKED)}", target)


def export_terms(database):
    """Write ``i18n/payment_hub.pot`` with Odoo's own exporter."""
    target = ROOT / "i18n" / f"{ADDON}.pot"
    target.parent.mkdir(exist_ok=True)
    stage_addon()
    config = CONFIG.with_name("export.conf")
    text = CONFIG.read_text(encoding="utf-8")
    config.write_text(text.replace(str(WORK / "addons"), str(STAGE)), encoding="utf-8")
    with step(f"Exporting the terms to {target.relative_to(ROOT)}"):
        options = ["-c", config, "-d", database, "-o", target, ADDON]
        run(
            [VENV_PYTHON, "-P", "-m", "odoo", "i18n", "export", *options],
            "Exporting the terms",
            log="odoo-export.log",
            env=odoo_run.environment(ODOO_QUEUE_JOB_CHANNELS="root:0"),
            cwd=WORK,
        )


def write_codes():
    """Write docs/provider-codes.md from the engine's tables."""
    run([VENV_PYTHON, ROOT / "dev" / "provider_codes.py"], "The page of codes")


def build_wheel():
    """Build the wheel into ``dist/``."""
    command = [VENV_PYTHON, "-m", "build", "--wheel", "--no-isolation", ROOT]
    output = run(
        command, "Building the wheel", cwd=ROOT, env={**os.environ, "PWD": str(ROOT)}
    )
    say(output.strip().splitlines()[-1])


HOOKS = {"pylint": pylint, "oca-checks": oca_checks}

if __name__ == "__main__":
    sys.exit(HOOKS[sys.argv[1]]())

# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Let a coverage-guided fuzzer loose on every parser and every signature check.

``make fuzz`` (``SECONDS=20`` for each, ``A="stripe adyen"`` for some providers). What
comes out other than an EngineError, takes more than five seconds for 64 KiB or more
than a gigabyte is a finding: the input is kept beside the corpus, in .odoo/fuzz/.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "unit"), str(ROOT / "dev")]

import samples  # noqa: E402
from paths import WORK  # noqa: E402

from engine.providers import PROVIDERS  # noqa: E402

TARGET = ROOT / "fuzz" / "target.py"
CORPUS = WORK / "fuzz"
LIMITS = ("-timeout=5", "-rss_limit_mb=1024", "-max_len=65536")
GRACE = 120  # seconds to start and to end


def main(codes):
    """Fuzz every target of some providers; return 1 when one has a finding."""
    seconds = int(os.environ.get("SECONDS") or 20)
    findings = 0
    for code in codes or PROVIDERS:
        for name, seeds in _targets(code):
            findings += _fuzz(code, name, seeds, seconds)
    print(f"{findings} findings" if findings else "Nothing but EngineError came out")
    return 1 if findings else 0


def _targets(code):
    """Give the names of a provider's targets, with bodies to start from."""
    provider, found = PROVIDERS[code], samples.of(code)
    bodies = [body for body, _headers in found.MESSAGES.values()]
    yield "webhook", bodies
    yield "signature", [signed.body for signed in found.SIGNED]
    for stream in provider.streams:
        yield f"stream.{stream}", [body for name, body in found.PAGES if name == stream]
    for report in provider.reports:
        yield (
            f"report.{report}",
            [body for name, body in found.REPORTS if name == report],
        )


def _fuzz(code, name, seeds, seconds):
    corpus = CORPUS / code / name
    shutil.rmtree(corpus, ignore_errors=True)
    corpus.mkdir(parents=True)
    for number, body in enumerate(seeds):
        (corpus / f"seed{number}").write_bytes(body)
    limits = (*LIMITS, f"-max_total_time={seconds}", f"-artifact_prefix={corpus}/")
    done = subprocess.run(
        [sys.executable, TARGET, code, name, *limits, corpus],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=seconds + GRACE,
        check=False,
    )
    runs = next(
        (line for line in done.stdout.splitlines() if line.startswith("Done ")), ""
    )
    print(f"{code} {name}: {'FINDING' if done.returncode else runs}", flush=True)
    if done.returncode:
        print(done.stdout[-4000:], flush=True)
    return bool(done.returncode)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

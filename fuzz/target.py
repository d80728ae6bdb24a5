# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One parser or check of signatures: ``target.py PROVIDER NAME OPTIONS``."""

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "unit")]

with atheris.instrument_imports(include=["engine"]):
    import samples

    from engine.errors import EngineError
    from engine.facts import Facts
    from engine.planner import plan
    from engine.providers import PROVIDERS
    from engine.state import fold


def webhook(provider, _name):
    """Translate any body, with the headers of one that is right."""
    headers = next(iter(samples.of(provider.code).SIGNED)).headers

    def run(data):
        provider.envelope(data, headers)
        _check(provider.translate(data, headers, {}))

    return run


def signature(provider, _name):
    """Check a signature where headers, secrets and body may all be odd."""
    signed = samples.of(provider.code).SIGNED[0]

    def run(data):
        odd = atheris.FuzzedDataProvider(data)
        headers = {
            name: odd.ConsumeUnicode(100) if odd.ConsumeBool() else value
            for name, value in signed.headers.items()
        }
        secret = odd.ConsumeUnicode(60) if odd.ConsumeBool() else "secret"
        body = odd.ConsumeBytes(65536) if odd.ConsumeBool() else signed.body
        provider.verify(
            body, headers, signed.keys._replace(secrets=[secret]), signed.now
        )

    return run


def stream(provider, name):
    """Translate any page of a list."""
    return lambda data: _check(provider.streams[name].translate(data, {}))


def report(provider, name):
    """Split and translate any report."""

    def run(data):
        for part in provider.reports[name].split(data):
            _check(provider.reports[name].translate(part, {}))

    return run


def _check(translations):
    for translation in translations:
        facts = Facts(translation.events)
        fold(facts)
        plan(facts)


def main():
    """Hand the target to the fuzzer, which ends the process."""
    code, name = sys.argv[1:3]
    kind, _dot, rest = name.partition(".")
    run = globals()[kind](PROVIDERS[code], rest)

    def one(data):
        try:
            run(data)
        except EngineError:
            pass

    atheris.Setup([sys.argv[0], *sys.argv[3:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

"""Fuzzes the targets, one after the other, and says what was done.

    python -m fuzzing.run [--seconds 60] [--target pipeline]… [--corpus FOLDER] [--minimise FILE]

Each target runs in a process of its own, which libFuzzer guides by the code that its inputs reach. What fails
is kept in ``CORPUS/TARGET/failures``, one file for each place of the code that failed, and fuzzing goes on;
``--minimise`` makes such a file as small as it can be while it fails at the same place. Ends with 1 when
something failed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

HOME = Path(__file__).parent.parent.parent
CORPUS = HOME / ".fuzzing"
LONGEST = 4096
SLOW = 5.0
"""Seconds of processor time that no input of this length may take."""
HANGS = 120
"""Seconds after which libFuzzer ends the process."""


class TooSlowError(Exception):
    """An input took longer than its length allows."""


def main() -> int:
    options = _options()
    if options.minimise:
        return _minimise(options.target[0], options.minimise)
    if options.child:
        _fuzz(options.target[0], options.corpus / options.target[0], options.seconds)
        return 0
    from fuzzing.targets import TARGETS

    failed = False
    for name in options.target or TARGETS:
        failed |= _supervise(name, options.corpus / name, options.seconds)
    return int(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fuzzing")
    parser.add_argument("--seconds", type=float, default=60, help="for each target")
    parser.add_argument("--target", action="append", default=[], help="one of several; all when not given")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="where inputs and failures are kept")
    parser.add_argument("--minimise", type=Path, help="a failing input of the target")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _supervise(name: str, folder: Path, seconds: float) -> bool:
    """Runs one target for its time, again where an input has ended its process. Whether something failed."""
    known = set(_failures(folder))
    end = time.monotonic() + seconds
    inputs = 0
    spent = 0.0
    while (left := end - time.monotonic()) > 1:
        command = [sys.executable, "-m", "fuzzing.run", "--child", "--target", name, "--seconds", str(left)]
        (folder / "failures").mkdir(parents=True, exist_ok=True)
        done = subprocess.run([*command, "--corpus", folder.parent], check=False, capture_output=True)
        (folder / "log").write_bytes(done.stderr[-20_000:])
        figures = json.loads((folder / "figures.json").read_text())
        inputs += figures["inputs"]
        spent += figures["seconds"]
    failures = [each for each in _failures(folder) if each not in known]
    print(f"{name:18} {inputs:10,} inputs {spent / 60:7.1f} processor minutes {len(failures):3} new failures")
    for each in failures:
        print(f"    {each}: {each.with_suffix('.txt').read_text().strip().splitlines()[-1]}")
    sys.stdout.flush()
    return bool(failures)


def _failures(folder: Path) -> list[Path]:
    return sorted((folder / "failures").glob("*.bin"))


def _fuzz(name: str, folder: Path, seconds: float) -> None:
    import atheris

    with atheris.instrument_imports(include=["ingest"]):
        from fuzzing.seeds import seeds, words
        from fuzzing.targets import TARGETS

    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in seeds(name):
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed[:LONGEST])
    dictionary = folder / "words"
    dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in words(name)))
    tally = _Tally(TARGETS[name], folder)
    pieces = [word.encode("utf-8", "replace") for word in words(name)]
    # Looked up anew, since it is another one when fuzzing has begun.
    mutate = _Mutator(pieces, lambda *given: atheris.Mutate(*given))  # noqa: PLW0108 - looked up anew
    arguments = [f"-max_total_time={int(seconds)}", f"-timeout={HANGS}", f"-max_len={LONGEST}"]
    arguments += [f"-dict={dictionary}", f"-artifact_prefix={folder}/failures/ended-", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *arguments, str(corpus)], tally, custom_mutator=mutate)
    atheris.Fuzz()


class _Tally:
    """Runs a target, keeps what fails and counts."""

    def __init__(self, target: Callable[[bytes], None], folder: Path) -> None:
        self.target = target
        self.folder = folder
        self.inputs = 0
        self.seen: set[str] = set()
        self.began = time.process_time()
        self.written = 0.0

    def __call__(self, data: bytes) -> None:
        self.inputs += 1
        start = time.process_time()
        failure = failure_of(self.target, data)
        if failure is not None:
            self._keep(data, failure)
        if start - self.written > 1:
            self.written = start
            figures = {"inputs": self.inputs, "seconds": start - self.began}
            fresh = self.folder / "figures.new"
            fresh.write_text(json.dumps(figures))
            fresh.replace(self.folder / "figures.json")

    def _keep(self, data: bytes, failure: BaseException) -> None:
        place = place_of(failure)
        if place in self.seen:
            return
        self.seen.add(place)
        path = self.folder / "failures" / f"{hashlib.sha256(place.encode()).hexdigest()[:12]}.bin"
        if not path.exists():
            path.write_bytes(data)
            text = "".join(traceback.format_exception(failure))
            path.with_suffix(".txt").write_text(f"{text[-4000:]}\n{place}\n", errors="backslashreplace")


def failure_of(target: Callable[[bytes], None], data: bytes) -> Exception | None:
    """What a target raises for an input; also when it takes too long."""
    start = time.process_time()
    try:
        target(data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure
        return error
    spent = time.process_time() - start
    return TooSlowError(f"{spent:.1f} s for {len(data)} bytes") if spent > SLOW else None


def place_of(failure: BaseException) -> str:
    """Where the project's code failed: one failure for each such place is enough to look at."""
    frames = traceback.extract_tb(failure.__traceback__)
    own = [each for each in frames if f"{os.sep}ingest{os.sep}" in each.filename] or frames
    last = [f"{Path(each.filename).name}:{each.lineno}" for each in (own[-1:] or []) + frames[-1:]]
    return f"{type(failure).__name__} at {' and '.join(dict.fromkeys(last)) or 'nowhere'}"


class _Mutator:
    """Changes whole lines as often as bytes: what is read is made of lines."""

    def __init__(self, words: list[bytes], other: Callable[[bytes, int], bytes]) -> None:
        self.words = words
        self.other = other

    def __call__(self, data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.5:
            return self.other(data, longest)
        lines = data.split(b"\n")
        for _ in range(chance.randrange(1, 5)):
            at = chance.randrange(len(lines)) if lines else 0
            other = chance.randrange(len(lines)) if lines else 0
            match chance.randrange(7):
                case 0 if len(lines) > 1:
                    del lines[at]
                case 1 if lines:
                    lines.insert(other, lines[at])
                case 2 if lines:
                    lines[at], lines[other] = lines[other], lines[at]
                case 3 if at + 1 < len(lines):
                    lines[at : at + 2] = [lines[at] + lines[at + 1]]
                case 4 if lines:
                    place = chance.randrange(len(lines[at]) + 1)
                    lines[at] = lines[at][:place] + chance.choice(self.words) + lines[at][place:]
                case 5:
                    lines.insert(at, b"")
                case _:
                    lines.insert(at, chance.choice(self.words))
        return b"\n".join(lines)[:longest]


def _minimise(name: str, path: Path) -> int:
    """Takes parts out for as long as the input fails at the same place."""
    from fuzzing.targets import TARGETS

    data = path.read_bytes()
    failure = failure_of(TARGETS[name], data)
    if failure is None:
        print(f"{path} does not fail")
        return 0
    place = place_of(failure)

    def still_fails(smaller: bytes) -> bool:
        found = failure_of(TARGETS[name], smaller)
        return found is not None and place_of(found) == place

    print(place)
    for separator in (b"\n", b""):
        pieces = data.split(b"\n") if separator else [data[at : at + 1] for at in range(len(data))]
        data = separator.join(_least(pieces, lambda kept: still_fails(separator.join(kept))))  # noqa: B023 - called at once
    path.with_suffix(".least").write_bytes(data)
    print(data)
    return 1


def _least(pieces: list[bytes], fails: Callable[[list[bytes]], bool]) -> list[bytes]:
    size = len(pieces) // 2
    while size:
        at = 0
        while at < len(pieces):
            smaller = pieces[:at] + pieces[at + size :]
            if fails(smaller):
                pieces = smaller
            else:
                at += size
        size //= 2
    return pieces


def _escaped(word: str) -> str:
    """As libFuzzer reads its dictionaries."""
    data = word.encode("utf-8", "replace")
    return "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\x{b:02x}" for b in data)


if __name__ == "__main__":
    sys.exit(main())

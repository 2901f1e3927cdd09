"""Many inputs to many files: what has changed is converted, the rest is left as it is."""

from __future__ import annotations

import hashlib
import os
from array import array
from collections.abc import Container, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from time import monotonic
from typing import TYPE_CHECKING

import ingest
from ingest.converting import Conversion, ConvertSettings, Task, Written, convert_one, let_go
from ingest.errors import IngestError, unknown
from ingest.files import content_of, corrections_address
from ingest.finding import MANIFEST, Input, Search, find_inputs, place_of
from ingest.ledger import Entry, Hashes, Ledger, Stamps
from ingest.model.limits import Limits
from ingest.stores import StampOf, absolute, folded, host_of, join, split_suffix, store_of
from ingest.writers import formats, writer

if TYPE_CHECKING:
    from concurrent.futures import Executor

_Outputs = dict[str, tuple[str, ...]]
_BYTES_A_JOB = 1_000_000
_SAVED_AFTER = 10.0
_PARTS = 8


def convert(
    paths: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str] = "out",
    settings: ConvertSettings | None = None,
    *,
    jobs: int = 1,
    executor: Executor | None = None,
    force: bool = False,
) -> list[Conversion]:
    """Converts files, folders and patterns into a folder, and writes its ``manifest.json``.

    Files are dumps, or converted ones (JSON, JSON Lines, CSV) and banks; folders give their dumps. One entry
    for each input, sorted by name; an input that cannot be read has its ``error`` and does not stop the
    others. What has not changed since the last run is left as it is, unless ``force`` is given. Work is done
    by ``jobs`` processes, or by an executor of any kind that has this package installed.

    Raises ``IngestError`` before anything is written when two inputs would write one file, and for an unknown
    format.
    """
    folder = os.fspath(out)
    inputs, errors = find_inputs((os.fspath(path) for path in paths), Search(out=folder))
    try:
        done = list(Batch(inputs, folder, settings or ConvertSettings(), force=force).run(jobs, executor))
    finally:
        let_go()
    return [*done, *(Conversion(file="", error=error) for error in errors)]


class Batch:
    """Inputs that are to be converted into one folder."""

    def __init__(
        self, inputs: Sequence[Input], out: str, settings: ConvertSettings, *, force: bool = False
    ) -> None:
        """Raises ``IngestError`` when two inputs would write one file, when one would overwrite an input, and
        for an unknown format."""
        self.inputs = sorted(inputs, key=lambda entry: entry.name)
        self._out = out
        self._settings = settings
        self._force = force
        self._endings = {name: _writer_names(name) for name in settings.formats}
        self._check_outputs()
        hosts = {host_of(address) for address in (out, *(each.address for each in self.inputs))}
        self._ledger = Ledger(out, _key(settings), ingest.__version__, hosts)
        self._stamps: dict[str, Stamps] = {}
        self._corrections_in: tuple[str, StampOf] | None = None

    def run(self, jobs: int | None = 1, executor: Executor | None = None) -> Generator[Conversion]:
        """What comes of each input, in order, as it is done; without ``jobs`` by as many processes as pay.

        The manifest is written now and then and at the end, also where the run is interrupted. Where nothing
        else can be written, the rest is not tried.
        """
        work = self._work(is_far=executor is not None)
        done = self._converted(work, jobs or _jobs(self.inputs), executor)
        next_save = monotonic() + _SAVED_AFTER
        try:
            for entry, conversion in zip(self.inputs, done, strict=True):
                stamps = self._stamps.pop(entry.name, None)
                if conversion.outputs and stamps:
                    self._record(entry, conversion, stamps)
                yield conversion
                if conversion.stops:
                    break
                if (begin := monotonic()) > next_save:
                    self._ledger.save()
                    # A list of many files takes its time: a small part of the run at most.
                    next_save = monotonic() + max(_SAVED_AFTER, 20 * (monotonic() - begin))
            else:
                self._ledger.end()
        finally:
            done.close()
            self._ledger.save()

    def gone(self) -> list[tuple[str, list[str]]]:
        """After the run, the inputs of earlier ones that do not exist any more, with the outputs that are
        left."""
        return self._ledger.gone

    def prune(self) -> Iterator[tuple[str, bool]]:
        """Removes the outputs of those; tells of each whether it is gone now. One that somebody has edited
        stays. Raises ``IngestError``."""
        try:
            yield from self._ledger.prune()
        except OSError as error:
            raise IngestError(f"cannot remove {error.filename}: {error.strerror or error}") from error
        finally:
            self._ledger.save()

    def _work(self, *, is_far: bool) -> Iterator[Task | Conversion]:
        """For each input what is to be done, or what came of it before."""
        for entry in self.inputs:
            self._ledger.turn_to(entry.name)
            stamps = self._stamps_of(entry)
            outputs = self._outputs(entry)
            found = self._unchanged(entry, stamps, outputs)
            if found is None or (stamps[0] and not self._ledger.is_indexed):
                # Those of before it is read, so that a change meanwhile is seen by the next run.
                self._stamps[entry.name] = stamps
            yield self._as_before(found, outputs) if found else self._task(entry, outputs, is_far=is_far)

    def _converted(
        self, work: Iterable[Task | Conversion], jobs: int, executor: Executor | None
    ) -> Generator[Conversion]:
        if executor is None and jobs == 1:
            for each in work:
                yield each if isinstance(each, Conversion) else convert_one(each, self._settings)
            return
        work = iter(work)
        for each in work:
            if isinstance(each, Task):
                from ingest.jobs import convert_in_order  # takes time to load

                yield from convert_in_order(chain([each], work), self._settings, jobs, executor)
                return
            yield each

    def _task(self, entry: Input, outputs: _Outputs, *, is_far: bool) -> Task:
        out = self._out
        if is_far:  # where it is done may be another working folder
            entry, out = replace(entry, address=absolute(entry.address)), absolute(out)
        return Task(entry, out, outputs)

    def _outputs(self, entry: Input) -> _Outputs:
        """The files that an input gives, below the folder, for each format."""
        stem = split_suffix(entry.name)[0]
        return {name: tuple([stem + ending for ending in each]) for name, each in self._endings.items()}

    def _check_outputs(self) -> None:
        out = store_of(self._out).place(self._out)
        inside = {
            folded(place.removeprefix(f"{out}/")): entry
            for entry in self.inputs
            if (place := place_of(entry)).startswith(f"{out}/")
        }
        # Hashes, since the names of a million files take memory.
        taken = array("q")
        folders = {""}
        for entry in self.inputs:
            for name in self._names(entry):
                folder = name.rpartition("/")[0]
                if folder not in folders:
                    self._refuse_link(folder, out)
                    folders.add(folder)
                alike = folded(name)
                taken.append(hash(alike))
                if alike == MANIFEST:
                    target = join(self._out, name)
                    raise IngestError(f"{entry.address} would write {target}, the list of outputs: rename it")
                if alike in inside:
                    target, source = join(self._out, name), inside[alike].address
                    raise IngestError(f"{target} would overwrite the input {source}: choose another -o")
        if twice := _twice(taken):
            self._tell_twice(twice)

    def _refuse_link(self, folder: str, out: str) -> None:
        """A folder that came from elsewhere may have links in it, and nothing is to be written outside."""
        address = join(self._out, folder)
        if not f"{store_of(address).place(address)}/".startswith(f"{out.rstrip('/')}/"):
            raise IngestError(f"{address} is a link that leads out of {self._out}: remove it")

    def _tell_twice(self, hashes: Container[int]) -> None:
        givers: dict[str, tuple[str, str]] = {}
        for entry in self.inputs:
            for name in self._names(entry):
                alike = folded(name)
                if hash(alike) not in hashes:
                    continue
                if alike in givers:
                    other, first = givers[alike]
                    same = "" if first == name else ", which is the same file where capitals do not count"
                    raise IngestError(
                        f"{other} and {entry.address} would both write {join(self._out, first)}{same}:"
                        " rename one, or convert them one at a time with another -o"
                    )
                givers[alike] = entry.address, name

    def _names(self, entry: Input) -> list[str]:
        stem = split_suffix(entry.name)[0]
        return [stem + ending for each in self._endings.values() for ending in each]

    def _stamps_of(self, entry: Input) -> Stamps:
        if entry.data is not None:
            return "", ""
        folder, corrections = os.path.split(corrections_address(entry.address))
        if self._corrections_in is None or self._corrections_in[0] != folder:
            self._corrections_in = folder, store_of(entry.address).rare_stamps(folder)
        return entry.stamp, self._corrections_in[1](corrections)

    def _unchanged(self, entry: Input, stamps: Stamps, outputs: _Outputs) -> Entry | None:
        if self._force:
            return None
        return self._ledger.unchanged(stamps, lambda: _hashes(entry, self._settings.reading.limits), outputs)

    def _as_before(self, found: Entry, outputs: _Outputs) -> Conversion:
        """What came of an input when it was converted; with the files of this run's formats."""
        paths = {path for names in outputs.values() for path in names}
        is_indexed = self._ledger.is_indexed
        return Conversion(
            file=found["file"],
            sha256=found["sha256"],
            questions=found["questions"],
            doubtful=tuple((each["number"], tuple(each["findings"])) for each in found["doubtful"]),
            selected=found["selected"],
            settled=found["settled"],
            rejected=found["rejected"],
            outputs=tuple(
                Written(
                    each["path"],
                    each["format"],
                    each["sha256"],
                    "" if is_indexed else self._ledger.stamp_of(each["path"]),
                )
                for each in found["outputs"]
                if each["path"] in paths
            ),
            is_unchanged=True,
            errors=found["errors"],
            warnings=found["warnings"],
            corrections=found["corrections"],
        )

    def _record(self, entry: Input, conversion: Conversion, before: Stamps) -> None:
        hashes = (conversion.sha256, conversion.corrections)
        record = {
            "file": entry.name,
            "sha256": conversion.sha256,
            "corrections": conversion.corrections,
            "questions": conversion.questions,
            "doubtful": [{"number": number, "findings": codes} for number, codes in conversion.doubtful],
            "selected": conversion.selected,
            "settled": conversion.settled,
            "rejected": conversion.rejected,
            "errors": conversion.errors,
            "warnings": conversion.warnings,
            "outputs": [
                {
                    "path": each.path,
                    "format": each.format,
                    "sha256": each.sha256,
                    "made_from": self._ledger.made_from(hashes, each.format),
                }
                for each in conversion.outputs
            ],
        }
        stamps = {each.path: each.stamp for each in conversion.outputs}
        self._ledger.record(record, place_of(entry), before, stamps)


def _twice(hashes: Sequence[int]) -> set[int]:
    """Those that are there more than once. In parts, since as an object a number takes four times as much."""
    parts = (sorted(each for each in hashes if each % _PARTS == part) for part in range(_PARTS))
    return {one for part in parts for one, other in pairwise(part) if one == other}


def _writer_names(name: str) -> tuple[str, ...]:
    try:
        return writer(name).names
    except KeyError:
        raise IngestError(unknown("format", name, formats())) from None


def _key(settings: ConvertSettings) -> str:
    """What outputs depend on besides input and format."""
    parts = repr((settings.reading, settings.selection, settings.writing))
    return hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()


def _hashes(entry: Input, limits: Limits) -> Hashes:
    """The hashes of an input and of its corrections; empty where it cannot be read."""
    try:
        data, _, corrections = content_of(entry, limits)
    except IngestError:
        return "", None
    return hashlib.sha256(data).hexdigest(), corrections


def _jobs(inputs: Sequence[Input]) -> int:
    """As many processes as pay: starting one takes as long as converting some small files."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(processors, len(inputs), sum(each.size for each in inputs) // _BYTES_A_JOB))

"""Tasks done by other processes of this machine, or by whatever an executor stands for; in order.

Small inputs go together, so that handing them over costs little. Only so many groups are handed over at a
time, so that memory does not grow with their number.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from threading import Thread

from ingest.converting import Conversion, ConvertSettings, Task, convert_tasks, failed
from ingest.errors import IngestError

_GROUP_BYTES = 262_144
# What an input counts for at least, and what one does that needs nothing done.
_LEAST = 4_096
_DONE_COUNTS = 2_048
_GROUPS_AHEAD = 4
# More of them Windows cannot wait for at once.
_MOST_PROCESSES = 61
# For an executor of which nobody knows how many processes it has.
_AHEAD_OF_ANY = 64


def convert_in_order(
    work: Iterable[Task | Conversion], settings: ConvertSettings, jobs: int, executor: Executor | None = None
) -> Generator[Conversion]:
    """What comes of each task, and between them what is done already. A process that dies, and whatever else
    goes wrong there, costs the input that it was converting."""
    crew = _Crew(settings, jobs, executor)
    try:
        yield from crew.results(_grouped(work))
    finally:
        crew.end()


def _grouped(work: Iterable[Task | Conversion]) -> Iterator[list[Task | Conversion]]:
    group: list[Task | Conversion] = []
    size = 0
    for each in work:
        group.append(each)
        size += _DONE_COUNTS if isinstance(each, Conversion) else max(each.entry.size, _LEAST)
        if size >= _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


class _Crew:
    """The processes that do the work. They start with the first task."""

    def __init__(self, settings: ConvertSettings, jobs: int, executor: Executor | None) -> None:
        self._settings = pickle.dumps(settings)
        self._jobs = min(jobs, _MOST_PROCESSES) if os.name == "nt" else jobs
        self._given = executor
        self._own: ProcessPoolExecutor | None = None
        self._ahead = _AHEAD_OF_ANY if executor else jobs * _GROUPS_AHEAD
        self._pending: deque[tuple[list[Task | Conversion], Future[list[Conversion]]]] = deque()

    def results(self, groups: Iterable[list[Task | Conversion]]) -> Iterator[Conversion]:
        """What comes of each group, in order."""
        for group in groups:
            self._pending.append((group, self._submit(_tasks(group))))
            if len(self._pending) >= self._ahead:
                yield from self._next()
        while self._pending:
            yield from self._next()

    def end(self) -> None:
        """Lets the processes go, after what they are doing."""
        for _, future in self._pending:
            future.cancel()
        if self._own:
            self._own.shutdown(cancel_futures=True)

    def _next(self) -> Iterator[Conversion]:
        group, future = self._pending.popleft()
        try:
            done = future.result()
        except BrokenExecutor as error:
            # A process died, and nobody knows at which of the groups that were handed over.
            self._need_own(error)
            waiting = [(group, future), *self._pending]
            self._pending.clear()
            self._renew()
            for each, other in waiting:
                is_done = other.exception() is None
                yield from _in_order(each, other.result() if is_done else self._singly(_tasks(each)))
        except Exception as error:  # noqa: BLE001 - of whatever kind it is, it costs one input
            tasks = _tasks(group)
            yield from _in_order(
                group, self._singly(tasks) if len(tasks) > 1 else [failed(tasks[0].entry, error)]
            )
        else:
            yield from _in_order(group, done)

    def _singly(self, tasks: list[Task]) -> Iterator[Conversion]:
        """One task at a time, so that it is known which one a process dies of."""
        for task in tasks:
            try:
                yield from self._submit([task]).result()
            except BrokenExecutor as error:
                self._need_own(error)
                self._renew()
                yield Conversion(
                    task.entry.name, error=f"{task.entry.address}: the process that read it died"
                )
            except Exception as error:  # noqa: BLE001 - the same
                yield failed(task.entry, error)

    def _submit(self, tasks: list[Task]) -> Future[list[Conversion]]:
        found: Future[list[Conversion]] = Future()
        if not tasks:
            found.set_result([])
            return found
        try:
            return self._executor().submit(convert_tasks, tasks, self._settings)
        except BrokenExecutor as error:
            found.set_exception(error)
            return found

    def _executor(self) -> Executor:
        if self._given:
            return self._given
        if self._own is None:
            if multiprocessing.get_start_method() == "fork":
                # With all stages: once here, and not once in each process.
                import ingest.documents  # noqa: F401 - for what it loads
            self._own = ProcessPoolExecutor(self._jobs, initializer=_begin)
        return self._own

    def _need_own(self, error: BrokenExecutor) -> None:
        """Another one cannot be made of an executor that was given. Raises ``IngestError``."""
        if self._given:
            raise IngestError(str(error)) from error

    def _renew(self) -> None:
        if self._own:
            self._own.shutdown(wait=False, cancel_futures=True)
            self._own = None


def _tasks(group: Iterable[Task | Conversion]) -> list[Task]:
    return [each for each in group if isinstance(each, Task)]


def _in_order(group: Iterable[Task | Conversion], done: Iterable[Conversion]) -> Iterator[Conversion]:
    """What has come of a group's tasks, and between them what was done already."""
    results = iter(done)
    for each in group:
        yield each if isinstance(each, Conversion) else next(results)


def _begin() -> None:
    """Begins a process. An interrupt is for the one that hands over; and records hold no cycles, so the
    collector, which would walk all of them again and again, has nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this process when the one that started it has ended, in whatever way: otherwise it would wait for
    work for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)

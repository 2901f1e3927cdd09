"""Tasks done by other processes of this machine, or by whatever an executor stands for; in order.

Small inputs go together, so that handing them over costs little. Only so many groups are handed over at a
time, so that memory does not grow with their number.
"""

from __future__ import annotations

import gc
import pickle
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor

from ingest.converting import Conversion, ConvertSettings, Task, convert_tasks

_GROUP_BYTES = 262_144
_GROUP_SIZE = 64
_GROUPS_AHEAD = 4
# For an executor of which nobody knows how many processes it has.
_AHEAD_OF_ANY = 64


def convert_in_order(
    tasks: Iterable[Task], settings: ConvertSettings, jobs: int, executor: Executor | None = None
) -> Generator[Conversion]:
    """What comes of each task. A process that dies, and whatever else goes wrong there, costs the input that
    it was converting."""
    crew = _Crew(settings, jobs, executor)
    try:
        yield from crew.results(_grouped(tasks))
    finally:
        crew.end()


def _grouped(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    group: list[Task] = []
    size = 0
    for task in tasks:
        group.append(task)
        size += task.entry.size
        if size >= _GROUP_BYTES or len(group) >= _GROUP_SIZE:
            yield group
            group, size = [], 0
    if group:
        yield group


class _Crew:
    """The processes that do the work."""

    def __init__(self, settings: ConvertSettings, jobs: int, executor: Executor | None) -> None:
        self._settings = pickle.dumps(settings)
        self._jobs = jobs
        self._given = executor
        self._executor = executor or self._started()
        self._ahead = _AHEAD_OF_ANY if executor else jobs * _GROUPS_AHEAD
        self._pending: deque[tuple[list[Task], Future[list[Conversion]]]] = deque()

    def results(self, groups: Iterable[list[Task]]) -> Iterator[Conversion]:
        """What comes of each task, in order."""
        for group in groups:
            self._pending.append((group, self._submit(group)))
            if len(self._pending) >= self._ahead:
                yield from self._next()
        while self._pending:
            yield from self._next()

    def end(self) -> None:
        """Lets the processes go, after what they are doing."""
        for _, future in self._pending:
            future.cancel()
        if self._given is None:
            self._executor.shutdown(cancel_futures=True)

    def _next(self) -> Iterator[Conversion]:
        group, future = self._pending.popleft()
        try:
            done = future.result()
        except BrokenExecutor:
            # A process died, and nobody knows at which of the groups that were handed over.
            waiting = [(group, future), *self._pending]
            self._pending.clear()
            self._renew()
            for each, other in waiting:
                yield from other.result() if other.exception() is None else self._singly(each)
        except Exception as error:  # noqa: BLE001 - of whatever kind it is, it costs one input
            yield from self._singly(group) if len(group) > 1 else [_failed(group[0], error)]
        else:
            yield from done

    def _singly(self, group: list[Task]) -> Iterator[Conversion]:
        """One task at a time, so that it is known which one a process dies of."""
        for task in group:
            try:
                yield from self._submit([task]).result()
            except BrokenExecutor:
                self._renew()
                yield Conversion(
                    task.entry.name, error=f"{task.entry.address}: the process that read it died"
                )
            except Exception as error:  # noqa: BLE001 - the same
                yield _failed(task, error)

    def _submit(self, group: list[Task]) -> Future[list[Conversion]]:
        try:
            return self._executor.submit(convert_tasks, group, self._settings)
        except BrokenExecutor as error:
            broken: Future[list[Conversion]] = Future()
            broken.set_exception(error)
            return broken

    def _renew(self) -> None:
        if self._given is None:
            self._executor.shutdown(wait=False, cancel_futures=True)
            self._executor = self._started()

    def _started(self) -> Executor:
        return ProcessPoolExecutor(self._jobs, initializer=_begin)


def _begin() -> None:
    """Begins a process. An interrupt is for the one that hands over; and records hold no cycles, so the
    collector, which would walk all of them again and again, has nothing to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


def _failed(task: Task, error: Exception) -> Conversion:
    return Conversion(task.entry.name, error=f"{task.entry.address}: {type(error).__name__}: {error}")

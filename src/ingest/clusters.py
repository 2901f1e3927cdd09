"""A Dask cluster as an executor; needs the extra ``cluster``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any

import ingest
from ingest.errors import IngestError

_PATIENCE_S = 20
_WATCHED_EVERY_S = 0.5


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """The cluster at the address of its scheduler, such as ``tcp://10.0.0.1:8786``; its workers need this
    package, and the same folders or URLs. What a worker was doing when it died, another one does.

    Raises ``IngestError`` where there is no cluster, no worker comes, one has another version of this
    package, or Dask is not installed.
    """
    try:
        from distributed import Client
    except ImportError as error:
        message = "a cluster needs Dask: python -m pip install 'exam-ingest[cluster]'"
        raise IngestError(message) from error
    # What goes wrong is told by whoever runs. Dask gives its loggers, and tornado, levels of their own.
    for name in [
        name for name in logging.root.manager.loggerDict if name.startswith(("distributed", "tornado"))
    ]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        client = Client(address, timeout=_PATIENCE_S)
    except (OSError, ValueError) as error:
        raise IngestError(f"no cluster at {address}: {error}") from error
    with client:
        _check_workers(client, address)
        with _Cluster(client, address) as executor:
            yield executor


class _Cluster(Executor):
    """Dask's own executor, but one that is broken when its scheduler is lost: Dask would let some calls wait
    for ever then."""

    def __init__(self, client: Any, address: str) -> None:
        self._client = client
        self._address = address
        # Not pure: a file may have changed since it was converted with the same settings.
        self._executor: Executor = client.get_executor(pure=False)
        self._open: set[Future[Any]] = set()
        self._is_ended = Event()
        Thread(target=self._watch, daemon=True).start()

    def submit(self, call: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """What will come of a call."""
        inner = self._executor.submit(call, *arguments, **named)
        outer: Future[Any] = Future()
        self._open.add(outer)
        outer.add_done_callback(self._open.discard)
        outer.add_done_callback(lambda done: done.cancelled() and inner.cancel())
        inner.add_done_callback(lambda done: self._hand_on(done, outer))
        return outer

    def shutdown(self, *_: object, **__: object) -> None:
        """Ends the watch; calls are for the client to end."""
        self._is_ended.set()

    def _watch(self) -> None:
        while not self._is_ended.wait(_WATCHED_EVERY_S):
            if self._client.status != "running":
                for future in list(self._open):
                    self._break(future)

    def _hand_on(self, done: Future[Any], outer: Future[Any]) -> None:
        if done.cancelled():
            self._break(outer)
            return
        with suppress(InvalidStateError):
            if error := done.exception():
                outer.set_exception(error)
            else:
                outer.set_result(done.result())

    def _break(self, future: Future[Any]) -> None:
        with suppress(InvalidStateError):
            future.set_exception(BrokenExecutor(f"the cluster at {self._address} is lost"))


def _check_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_PATIENCE_S)
    except TimeoutError as error:
        raise IngestError(f"the cluster at {address} has no workers") from error
    for worker, found in sorted(client.run(_version, on_error="return").items()):
        if isinstance(found, Exception):
            raise IngestError(f"{worker} cannot load ingest: {found}")
        # Records of different versions must not meet in one folder.
        if found != ingest.__version__:
            raise IngestError(f"{worker} has ingest {found}, this is {ingest.__version__}")


def _version() -> str:
    return ingest.__version__

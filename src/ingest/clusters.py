"""A Dask cluster as an executor; needs the extra ``cluster``."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from ingest.errors import IngestError

_PATIENCE = "20s"
_RETRIES = 3


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """The cluster at the address of its scheduler, such as ``tcp://10.0.0.1:8786``; its workers need this
    package, and the same folders or URLs. What a worker was doing when it died, another one does.

    Raises ``IngestError`` where there is no cluster, or Dask is not installed.
    """
    try:
        from distributed import Client
    except ImportError as error:
        message = "a cluster needs Dask: python -m pip install 'exam-ingest[cluster]'"
        raise IngestError(message) from error
    try:
        client = Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise IngestError(f"no cluster at {address}: {error}") from error
    with client:
        # Not pure: a file may have changed since it was converted with the same settings.
        yield client.get_executor(pure=False, retries=_RETRIES)

"""Reaching a Milvus server, or Milvus Lite in a file, and what to do when it cannot be reached."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.errors import EngineUnavailable

if TYPE_CHECKING:
    from pymilvus import MilvusClient

SECONDS: Final = 10.0
"""How long to wait for a connection."""

_UNAUTHENTICATED: Final = ("auth check failure", "authenticat", "permission", "api key")


def connect(uri: str, token: str = "") -> MilvusClient:
    """A client of the server at `uri`; a path that ends with `.db` is Milvus Lite's own file.

    Raises EngineUnavailable: no package, no server, or a token that it refuses.
    """
    try:
        from pymilvus import MilvusClient  # noqa: PLC0415 - an extra, and slow to import
    except ModuleNotFoundError:
        raise EngineUnavailable(
            "PINCITE_INDEX=milvus needs a package: pip install 'pincite[milvus]'"
        ) from None
    # It logs every error with a traceback, and then raises it; one line of ours is enough.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    with reaching(uri):
        if uri.endswith(".db") and Path(uri).parent.is_dir():
            start_lite(uri)
        # Servers end a connection that pings often while it is idle; the client's default does.
        calm = {"grpc.keepalive_permit_without_calls": False}
        client = MilvusClient(uri, token=token, timeout=SECONDS, grpc_options=calm)
        client.list_collections()
        return client


def start_lite(path: str, seconds: float = SECONDS) -> str:
    """Start Milvus Lite over its file, unless it runs, and wait until it answers.

    Returns the address of its socket, where other processes reach it too.
    Raises EngineUnavailable: another process has the file open, or nothing answers in time.
    """
    import grpc  # noqa: PLC0415 - comes with pymilvus
    from milvus_lite.server_manager import server_manager_instance  # noqa: PLC0415 - an extra

    address = server_manager_instance.start_and_get_uri(path)
    if address is None:
        raise EngineUnavailable(_explained(path, "open local milvus failed"))
    # The package gives its server half a second and then counts it as running. On a busy machine
    # the socket is not there yet, and the client's first call fails instead of waiting for it.
    often = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 500)]
    with grpc.insecure_channel(address, options=often) as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=seconds)
        except grpc.FutureTimeoutError:
            raise EngineUnavailable(
                f"Milvus Lite over {path} did not answer within {seconds:g} seconds of its start:"
                " try again when the machine is less busy"
            ) from None
    return str(address)


@contextmanager
def reaching(uri: str) -> Iterator[None]:
    """Turn the client's errors into one line. Raises EngineUnavailable."""
    import grpc  # noqa: PLC0415 - comes with pymilvus
    from pymilvus.exceptions import MilvusException  # noqa: PLC0415

    try:
        yield
    except MilvusException as error:
        cause = error.__cause__  # "fail connecting" hides what the server said
        reply = cause.details() if isinstance(cause, grpc.Call) else ""
        raise EngineUnavailable(_explained(uri, reply or error.message)) from error
    except grpc.RpcError as error:
        reply = error.details() if isinstance(error, grpc.Call) else ""
        raise EngineUnavailable(_explained(uri, reply or str(error))) from error
    except ModuleNotFoundError:  # Milvus Lite, which the client imports when it meets a file
        raise EngineUnavailable(
            f"PINCITE_MILVUS_URI is the file {uri!r}: pip install milvus-lite, or name a server"
        ) from None


def _explained(uri: str, reply: str) -> str:
    message = " ".join(reply.split())[:200]
    if any(word in message.lower() for word in _UNAUTHENTICATED):
        return f"Milvus at {uri} refused us ({message}): mend PINCITE_MILVUS_TOKEN"
    if uri.endswith(".db"):
        return f"Milvus Lite cannot use {uri} ({message}): one process at a time may open it"
    return f"Milvus at {uri} cannot be used ({message}): start it, or mend PINCITE_MILVUS_URI"

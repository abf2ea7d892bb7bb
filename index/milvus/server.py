"""Reaching a Milvus server, or Milvus Lite in a file, and what to do when it cannot be reached."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
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
        # Servers end a connection that pings often while it is idle; the client's default does.
        calm = {"grpc.keepalive_permit_without_calls": False}
        client = MilvusClient(uri, token=token, timeout=SECONDS, grpc_options=calm)
        client.list_collections()
        return client


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

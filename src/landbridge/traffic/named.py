"""Requests to a load balancer by its own address, whose certificate is of the name that clients ask for."""

import http.client
import ssl
import urllib.request
from dataclasses import dataclass, field
from functools import partial
from typing import Any


class _Connection(http.client.HTTPSConnection):
    """Connects to its host and trusts the certificate of another name."""

    def __init__(self, host: str, *, name: str, trusting: ssl.SSLContext, **how: Any) -> None:
        super().__init__(host, context=trusting, **how)
        self._name, self._trusting = name, trusting

    def connect(self) -> None:
        """TLS for the name, once the host answers."""
        http.client.HTTPConnection.connect(self)
        self.sock = self._trusting.wrap_socket(self.sock, server_hostname=self._name)


class _Handler(urllib.request.HTTPSHandler):
    """Opens HTTPS by such connections."""

    def __init__(self, name: str, trusting: ssl.SSLContext) -> None:
        super().__init__(context=trusting)
        self._name, self._trusting = name, trusting

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """One request."""
        return self.do_open(partial(_Connection, name=self._name, trusting=self._trusting), req)


@dataclass(frozen=True)
class Named:
    """Opens a request as urlopen does, wherever its address leads to somebody with this name."""

    name: str
    trusting: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def __call__(self, request: urllib.request.Request, timeout: float) -> Any:
        """The answer; refused where the certificate is of another name."""
        return urllib.request.build_opener(_Handler(self.name, self.trusting)).open(request, timeout=timeout)

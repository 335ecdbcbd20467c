# SPDX-License-Identifier: Apache-2.0
"""What a visitor's first look at a page costs: the page and everything it asks for at once, as it travels, without the 3D viewer."""

from __future__ import annotations

import http.client
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

VIEWER = ("/model-viewer/", "/draco/")


class Wanted(HTMLParser):
    """Collect the addresses that a browser fetches while it draws the page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag makes the browser fetch; lazy pictures come later and do not count."""
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and {"stylesheet", "icon", "preload", "manifest"} & set(given.get("rel", "").split()):
            self.addresses.append(given.get("href", ""))
        elif (tag in ("script", "use") or (tag == "img" and given.get("loading") != "lazy")) and (
            source := given.get("src") or given.get("href")
        ):
            self.addresses.append(source)


def kilobytes(host: str, port: int, path: str) -> float:
    """Sum the bytes of a first load in kB (1,000 bytes), compressed as a browser would ask for them."""
    page = _get(host, port, path, encoding="identity")
    wanted = Wanted()
    wanted.feed(page.decode())
    base = f"http://{host}:{port}{path}"
    addresses = {urldefrag(urljoin(base, one))[0] for one in wanted.addresses if one and not one.startswith("data:")}
    fetched = [urlsplit(one).path for one in addresses if not any(part in one for part in VIEWER)]
    return round(sum(len(_get(host, port, one)) for one in [path, *fetched]) / 1000, 1)


def _get(host: str, port: int, path: str, encoding: str = "gzip, br") -> bytes:
    """Fetch one address; its bytes are as they travelled."""
    connection = http.client.HTTPConnection(host, port, timeout=30)
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    return body

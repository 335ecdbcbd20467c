# SPDX-License-Identifier: Apache-2.0
"""Native libraries that need a hand before they can be imported."""

import ctypes
import importlib
import importlib.util
import sys
import types
from typing import Any


def open3d() -> Any:
    """Import open3d's compiled part, without the plotting and notebooks that its package drags in (1.5 CPU seconds).

    On Linux its libusb comes from `libusb-package` where the system has none.

    Raises
    ------
    ImportError
        Where there is no wheel for this platform, or a system library is missing.
    """
    if sys.platform == "linux":
        _load_libusb()
    try:
        return sys.modules.get("open3d") or _compiled_part()
    except OSError as error:
        raise ImportError(str(error)) from error


def _compiled_part() -> Any:
    """Import `open3d.pybind` under an empty package, which a later `import open3d` replaces."""
    spec = importlib.util.find_spec("open3d")
    if spec is None or spec.submodule_search_locations is None:
        raise ImportError("open3d")
    if sys.platform == "win32":  # the package itself tells Windows where its libraries lie
        return importlib.import_module("open3d")
    package = types.ModuleType("open3d")
    package.__path__ = list(spec.submodule_search_locations)
    sys.modules["open3d"] = package
    try:
        return importlib.import_module("open3d.pybind")
    finally:
        del sys.modules["open3d"]


def _load_libusb() -> None:
    """Make libusb's symbols known to the process before open3d asks for them."""
    try:
        import libusb_package

        path = libusb_package.get_library_path()
        if path:
            ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
    except (ImportError, OSError):
        return  # the system may have its own, else the import below says what is missing

# SPDX-License-Identifier: Apache-2.0
"""Native libraries that need a hand before they can be imported."""

import ctypes
import sys
from typing import Any


def open3d() -> Any:
    """Import open3d; on Linux its libusb comes from `libusb-package` where the system has none.

    Raises
    ------
    ImportError
        Where there is no wheel for this platform, or a system library is missing.
    """
    if sys.platform == "linux":
        _load_libusb()
    try:
        import open3d as library
    except OSError as error:
        raise ImportError(str(error)) from error
    return library


def _load_libusb() -> None:
    """Make libusb's symbols known to the process before open3d asks for them."""
    try:
        import libusb_package

        path = libusb_package.get_library_path()
        if path:
            ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
    except (ImportError, OSError):
        return  # the system may have its own, else the import below says what is missing

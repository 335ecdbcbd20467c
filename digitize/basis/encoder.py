# SPDX-License-Identifier: Apache-2.0
"""Write a picture as KTX2 by Basis Universal's own program: on one thread, so that its bytes are the same each time."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitize import programs
from digitize.errors import StepFailure

_PATIENCE = 600  # s


@dataclass(frozen=True)
class Settings:
    """How a picture is written.

    Attributes
    ----------
    etc1s : quality of ETC1S, 1 to 255.
    uastc : effort of UASTC, 0 to 4.
    zstd : level of the Zstandard that UASTC is packed with.
    """

    etc1s: int = 128
    uastc: int = 0
    zstd: int = 9


def found() -> Path | None:
    """Give the program's place, or None where this step may not use it, or it does not start on this system."""
    path = programs.find("basisu")
    return path if path and programs.version(path) else None


def version(program: Path) -> str:
    """Give the program's version."""
    return programs.version(program).rpartition(" ")[2]


def encode(program: Path, picture: Any, folder: Path, *, mode: str, linear: bool, settings: Settings, mipmaps: bool = True) -> bytes:
    """Write a Pillow image as KTX2.

    Parameters
    ----------
    folder : where files may lie for a while.
    mode : "etc1s" or "uastc".
    linear : it holds numbers rather than colours: nothing is weighed as an eye would, mipmaps are means of the numbers.

    Raises
    ------
    StepFailure
        `ktx2.encoder`, where the program fails.
    """
    given, made = folder / "given.png", folder / "made.ktx2"
    picture.save(given, "PNG", compress_level=1)
    made.unlink(missing_ok=True)
    how = ["-uastc", "-uastc_level", str(settings.uastc), "-ktx2_zstandard_level", str(settings.zstd)]
    words: list[str | Path] = ["-file", given, "-output_file", made, "-ktx2", "-no_multithreading", *(["-mipmap"] if mipmaps else [])]
    words += how if mode == "uastc" else ["-q", str(settings.etc1s)]
    words += ["-linear"] if linear else []
    try:
        ended = subprocess.run([program, *words], capture_output=True, timeout=_PATIENCE, check=False, stdin=subprocess.DEVNULL, cwd=folder)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StepFailure("ktx2.encoder", reason=type(error).__name__) from error
    if ended.returncode != 0 or not made.is_file():
        told = ended.stdout.decode("utf-8", "replace").strip().splitlines()
        raise StepFailure("ktx2.encoder", reason=told[-1][:120] if told else f"exit {ended.returncode}")
    return made.read_bytes()

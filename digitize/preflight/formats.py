# SPDX-License-Identifier: Apache-2.0
"""The table of formats: what each is called, which kind of capture it holds, and who looks at it.

A new format is one row here, a reader of its bytes beside this file, and words in ``digitize.texts``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from digitize.preflight.model import Findings, Limits

Inspector = Callable[[Path, str, Limits], Findings]


@dataclass(frozen=True, slots=True)
class Format:
    """One format of a main file.

    Attributes
    ----------
    name
        Our short name, as `Intake.format` gives it.
    kind
        The kind of capture it usually holds; `Findings.kind` may say otherwise for one file.
    extensions
        In small letters, with the dot; the first is given to files without a telling name.
    inspector
        ``module:function`` below ``digitize.preflight``, loaded when the first such file comes.
    magic
        First bytes that tell the format; formats without any are told in ``sniff``.
    """

    name: str
    kind: str
    extensions: tuple[str, ...]
    inspector: str
    magic: tuple[bytes, ...] = ()

    def inspect(self, root: Path, main: str, limits: Limits) -> Findings:
        """Look at a main file without any C++ library; see `Findings`."""
        module, _, function = self.inspector.partition(":")
        inspector: Inspector = getattr(import_module(f"digitize.preflight.{module}"), function)
        return inspector(root, main, limits)


FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("ply", "mesh", (".ply",), "ply:inspect_ply", (b"ply\n", b"ply\r", b"ply ")),
        Format("obj", "mesh", (".obj",), "obj:inspect_obj"),
        Format("stl", "mesh", (".stl",), "stl:inspect_stl"),
        Format("off", "mesh", (".off",), "off:inspect_off"),
        Format("3mf", "mesh", (".3mf",), "threemf:inspect_3mf"),
        Format("glb", "mesh", (".glb",), "gltf:inspect_glb", (b"glTF",)),
        Format("gltf", "mesh", (".gltf",), "gltf:inspect_gltf"),
        Format("las", "points", (".las", ".laz"), "cloud.las:inspect_las", (b"LASF",)),
        Format("e57", "points", (".e57",), "cloud.e57:inspect_e57", (b"ASTM-E57",)),
        Format("xyz", "points", (".xyz", ".pts", ".asc"), "cloud.text:inspect_text"),
        Format("splat", "splats", (".splat",), "cloud.splat:inspect_splat"),
        Format("spz", "splats", (".spz",), "cloud.splat:inspect_spz"),
        Format("png", "image", (".png",), "image:inspect_image", (b"\x89PNG\r\n\x1a\n",)),
        Format("jpeg", "image", (".jpg", ".jpeg"), "image:inspect_image", (b"\xff\xd8\xff",)),
        Format("tiff", "image", (".tif", ".tiff"), "image:inspect_image", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
        Format("webp", "image", (".webp",), "image:inspect_image"),
        Format("heif", "image", (".heic", ".heif"), "image:inspect_image"),
        Format("pdf", "document", (".pdf",), "pdf:inspect_pdf", (b"%PDF-",)),
        Format("bvh", "motion", (".bvh",), "bvh:inspect_bvh", (b"HIERARCHY", b"\xef\xbb\xbfHIERARCHY")),
        Format("wav", "sound", (".wav", ".wave"), "wav:inspect_wav"),
        Format("flac", "sound", (".flac",), "media:inspect_flac", (b"fLaC",)),
        Format("mp3", "sound", (".mp3", ".mp2", ".mpa"), "media:inspect_mp3"),
        Format("ogg", "sound", (".ogg", ".oga", ".opus", ".ogv", ".spx"), "media:inspect_ogg", (b"OggS",)),
        Format("aiff", "sound", (".aiff", ".aif", ".aifc"), "media:inspect_aiff"),
        Format("mp4", "film", (".mp4", ".m4v", ".mov", ".qt", ".m4a"), "media:inspect_mp4"),
        Format("matroska", "film", (".mkv", ".webm", ".mka"), "media:inspect_matroska", (b"\x1a\x45\xdf\xa3",)),
        Format("avi", "film", (".avi",), "media:inspect_avi"),
    )
}
# Known by name only: whoever brings one is told what to bring instead.
UNREAD_MOTION: dict[str, str] = {".fbx": "FBX", ".c3d": "C3D"}
ZIP = "zip"
FORMAT_OF: dict[str, str] = {extension: form.name for form in FORMATS.values() for extension in form.extensions} | {".zip": ZIP}


def kind_of(name: str) -> str | None:
    """Give the kind of capture that a file of this name usually holds, or None."""
    form = FORMATS.get(FORMAT_OF.get(Path(name).suffix.lower(), ""))
    return form.kind if form else None

# SPDX-License-Identifier: Apache-2.0
"""The head of a KTX2 file, as far as a texture of Basis Universal may use it.

Source: Khronos KTX 2.0 specification, §3 (header, level index) and §5 (data format descriptor); KHR_texture_basisu.
"""

import struct
from dataclasses import dataclass

MEDIA_TYPE, IDENTIFIER = "image/ktx2", b"\xabKTX 20\xbb\r\n\x1a\n"
ETC1S, UASTC = 163, 166
_NAMES = {ETC1S: "etc1s", UASTC: "uastc"}
_SCHEMES = {ETC1S: (1,), UASTC: (0, 2)}  # BasisLZ; none or Zstandard
_HEAD, _LEVEL = 80, 24
_SRGB = 2  # transfer function
# Bytes of a block of 4 x 4 texels on the device, in the formats that every class of device has one of.
_BLOCK_BYTES = {ETC1S: 8, UASTC: 16}


class HeaderError(ValueError):
    """A head that breaks a rule, which its text names."""


@dataclass(frozen=True)
class Header:
    """What a file says of itself.

    Attributes
    ----------
    levels : mipmaps, the picture itself among them.
    model : colour model of its blocks, `ETC1S` or `UASTC`.
    srgb : whether its colours are sRGB; else numbers.
    alpha : whether it has any.
    """

    width: int
    height: int
    levels: int
    model: int
    srgb: bool
    alpha: bool

    @property
    def mode(self) -> str:
        """Name the form of its blocks."""
        return _NAMES[self.model]

    def device_bytes(self) -> int:
        """Count the bytes that it takes on a graphics card, mipmaps and all."""
        size = 16 if self.alpha else _BLOCK_BYTES[self.model]
        return sum(size * -(-max(self.width >> n, 1) // 4) * -(-max(self.height >> n, 1) // 4) for n in range(self.levels))


def header(data: bytes, whole: int | None = None) -> Header:
    """Read the head of a KTX2 file of Basis Universal, of which `data` are the first bytes and `whole` says the length.

    Raises
    ------
    HeaderError
        Saying which of its rules it breaks; every level lies inside the file where it does not.
    """
    if data[:12] != IDENTIFIER or len(data) < _HEAD:
        raise HeaderError("it has no head of a KTX2 file")
    kind, _, width, height, depth, layers, faces, levels, scheme = struct.unpack_from("<9I", data, 12)
    at, size = struct.unpack_from("<2I", data, 48)
    if kind != 0 or depth != 0 or layers > 1 or faces != 1:
        raise HeaderError("it is no single picture of Basis Universal")
    if not (width and height and 1 <= levels <= max(width, height).bit_length()):
        raise HeaderError("its size and its mipmaps do not fit each other")
    if at + size > len(data) or size < 44 or len(data) < _HEAD + _LEVEL * levels:
        raise HeaderError("its description lies outside of it")
    model, _, transfer = data[at + 12], data[at + 13], data[at + 14]
    if model not in _NAMES or scheme not in _SCHEMES[model]:
        raise HeaderError("its blocks are neither ETC1S nor UASTC")
    for level in range(levels):
        start, length, _ = struct.unpack_from("<3Q", data, _HEAD + _LEVEL * level)
        if start + length > (len(data) if whole is None else whole):
            raise HeaderError(f"mipmap {level} lies outside of it")
    return Header(width, height, levels, model, transfer == _SRGB, _has_alpha(data[at : at + size], model))


def _has_alpha(descriptor: bytes, model: int) -> bool:
    """Tell whether a second slice (ETC1S) or the only one (UASTC) holds alpha."""
    samples = (len(descriptor) - 28) // 16
    channels = [descriptor[28 + 16 * n + 3] & 0x0F for n in range(samples)]
    return 15 in channels[1:] if model == ETC1S else channels[:1] == [3]


def device_bytes(width: int, height: int) -> int:
    """Count the bytes of an ordinary picture on a graphics card: RGBA of 8 bits with all its mipmaps."""
    return sum(4 * max(width >> n, 1) * max(height >> n, 1) for n in range(max(width, height).bit_length()))

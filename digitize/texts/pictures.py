# SPDX-License-Identifier: Apache-2.0
"""Texts of pictures: refusals, then doubts."""

from __future__ import annotations

_COPY_EN = "Copy or export the file again."
_COPY_ZH = "请重新复制或导出该文件。"
_SAVE_EN = "Save it again from its program."
_SAVE_ZH = "请从制作软件中重新保存。"
_SMALLER_EN = "Scale it down, or split it."
_SMALLER_ZH = "请缩小或拆分。"

PICTURES: dict[str, dict[str, tuple[str, str]]] = {
    "image.unsupported": {
        "en": (
            "The picture “{name}” is of a form that is not taken here.",
            "Convert it to PNG or JPEG; a capture may also be TIFF, WebP or HEIC.",
        ),
        "zh-hans": ("图片“{name}”的格式在此不受支持。", "请转换为 PNG 或 JPEG；采集图像也可为 TIFF、WebP 或 HEIC。"),
    },
    "image.broken": {
        "en": ("The picture “{name}” is broken: {problem}.", _SAVE_EN),
        "zh-hans": ("图片“{name}”已损坏：{problem}。", _SAVE_ZH),
    },
    "image.truncated": {"en": ("The picture “{name}” ends too early.", _COPY_EN), "zh-hans": ("图片“{name}”过早结束。", _COPY_ZH)},
    "image.cut": {
        "en": ("The picture “{name}” ends too early: {row} of its {height} rows are whole.", _COPY_EN),
        "zh-hans": ("图片“{name}”过早结束：{height} 行中只有 {row} 行完整。", _COPY_ZH),
    },
    "image.too-many-pixels": {
        "en": ("The picture “{name}” has {width} × {height} pixels; {limit} in all are taken.", _SMALLER_EN),
        "zh-hans": ("图片“{name}”为 {width} × {height} 像素；总像素上限为 {limit}。", _SMALLER_ZH),
    },
    "image.part-too-large": {
        "en": ("One strip or tile of “{name}” unpacks to {bytes} bytes; at most {limit} are taken.", "Save it in tiles or smaller strips."),
        "zh-hans": ("“{name}”的一个条带或图块解压后为 {bytes} 字节；上限为 {limit}。", "请以图块或较小的条带保存。"),
    },
    "image.animated": {
        "en": ("The picture “{name}” moves.", "Give the one picture that is meant, or a film."),
        "zh-hans": ("图片“{name}”是动画。", "请提供所需的单张图片，或提供影片。"),
    },
    "image.compression": {
        "en": (
            "“{name}” is compressed by method {compression}, which is not read here.",
            "Save it with LZW, deflate, or without compression.",
        ),
        "zh-hans": ("“{name}”使用的压缩方法 {compression} 不受支持。", "请用 LZW、deflate 或不压缩保存。"),
    },
    "image.samples": {
        "en": ("“{name}” holds {kind}; which of them is white, the file does not say.", "Save it with 8 or 16 bits in each channel."),
        "zh-hans": ("“{name}”含有 {kind}，文件未说明何者为白。", "请以每通道 8 或 16 位保存。"),
    },
    "image.undecodable": {
        "en": ("The picture “{name}” cannot be decoded.", _SAVE_EN),
        "zh-hans": ("图片“{name}”无法解码。", _SAVE_ZH),
    },
    "image.count-mismatch": {
        "en": ("“{name}” was decoded to {read}, but states {stated}.", _SAVE_EN),
        "zh-hans": ("“{name}”解码为 {read}，但文件声明为 {stated}。", _SAVE_ZH),
    },
    "image.decoder-warned": {
        "en": (
            "The picture is damaged inside; its decoder went on over it.",
            "Compare the web copy with the original, or copy the file again.",
        ),
        "zh-hans": ("图片内部有损坏；解码器已跳过。", "请将网页版与原件对照，或重新复制文件。"),
    },
    "image.copies-left-out": {
        "en": ("Beside its pages the file holds {count} smaller copies or masks, which are not used.", "Nothing needs to be done."),
        "zh-hans": ("除页面外，文件还含有 {count} 个缩小副本或蒙版，未予使用。", "无需处理。"),
    },
    "image.untagged": {
        "en": ("The picture states no colour profile; it was taken for {profile}.", "Scan or export it with its colour profile."),
        "zh-hans": ("图片未注明色彩配置文件；已视为 {profile}。", "请在扫描或导出时嵌入色彩配置文件。"),
    },
    "image.profile-unusable": {
        "en": ("The picture’s colour profile cannot be used ({problem}); it was taken for {profile}.", "Export it with a sound profile."),
        "zh-hans": ("图片的色彩配置文件无法使用（{problem}）；已视为 {profile}。", "请以完好的配置文件重新导出。"),
    },
    "image.channels-dropped": {
        "en": ("{count} further channels of the picture are in no derivative.", "The original keeps them."),
        "zh-hans": ("图片另有 {count} 个通道未进入衍生文件。", "原件中仍保留。"),
    },
    "image.location": {
        "en": (
            "The picture says where it was taken; what is published says nothing of it.",
            "The original keeps it: mind who may have it.",
        ),
        "zh-hans": ("图片含有拍摄位置；公开的衍生文件不含此信息。", "原件中仍保留：请注意谁可以取得。"),
    },
    "image.rights-contradict": {
        "en": (
            "The picture states {field} in several ways: {values}.",
            "Check which one holds; the first was written into what is published.",
        ),
        "zh-hans": ("图片对 {field} 有多种说法：{values}。", "请核对；公开的衍生文件采用第一种。"),
    },
    "image.metadata-unreadable": {
        "en": ("What the picture says of itself in {form} cannot be read.", "State its rights with the record."),
        "zh-hans": ("图片的 {form} 元数据无法读取。", "请在著录中说明其权利。"),
    },
}

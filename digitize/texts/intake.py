# SPDX-License-Identifier: Apache-2.0
"""Texts of the pre-flight and of archives: refusals, then doubts."""

from __future__ import annotations

from digitize.texts.formats import FORMATS

_AGAIN_EN = "Export or copy the file again."
_AGAIN_ZH = "请重新导出或复制该文件。"
_SMALLER_EN = "Split it, or ask the administrator to raise the limit."
_SMALLER_ZH = "请拆分，或请管理员调高限制。"
_REPACK_EN = "Pack the files again with an ordinary zip program."
_REPACK_ZH = "请用普通的压缩程序重新打包。"

INTAKE: dict[str, dict[str, tuple[str, str]]] = {
    **FORMATS,
    "input.missing": {
        "en": ("There is no file “{name}”.", "Check the path."),
        "zh-hans": ("没有文件“{name}”。", "请检查路径。"),
    },
    "input.not-a-file": {
        "en": ("“{name}” is neither a file nor a folder.", "Give a plain file, a zip or a folder."),
        "zh-hans": ("“{name}”既不是文件也不是文件夹。", "请提供普通文件、zip 或文件夹。"),
    },
    "input.unreadable": {
        "en": ("“{name}” may not be read.", "Change its permissions, or copy it."),
        "zh-hans": ("没有读取“{name}”的权限。", "请修改权限或复制该文件。"),
    },
    "input.empty": {"en": ("“{name}” is empty.", _AGAIN_EN), "zh-hans": ("“{name}”是空文件。", _AGAIN_ZH)},
    "input.too-large": {
        "en": ("“{name}” has {bytes} bytes; at most {limit} are taken.", _SMALLER_EN),
        "zh-hans": ("“{name}”有 {bytes} 字节；上限为 {limit}。", _SMALLER_ZH),
    },
    "input.unknown-format": {
        "en": (
            "The format of “{name}” is not known here.",
            "Taken are meshes, point clouds, splats, pictures, PDF, sound, film and motion in the formats that the manual lists.",
        ),
        "zh-hans": ("无法识别“{name}”的格式。", "可接受手册所列格式的网格、点云、高斯泼溅、图片、PDF、声音、影片和动作。"),
    },
    "input.wrong-extension": {
        "en": ("“{name}” ends in {extension}, but its content is {format}.", "Rename it, if the content is what you meant."),
        "zh-hans": ("“{name}”的扩展名是 {extension}，内容却是 {format}。", "如果内容正确，请修改扩展名。"),
    },
    "input.not-the-format": {
        "en": ("“{name}” ends in {extension}, but its content is not {format}.", "Export the file again in that format."),
        "zh-hans": ("“{name}”的扩展名是 {extension}，但内容不是 {format}。", "请以该格式重新导出。"),
    },
    "input.wrong-kind": {
        "en": ("“{name}” holds {kind}, but {wanted} was asked for.", "Choose a recipe for {kind}, or give another file."),
        "zh-hans": ("“{name}”的内容属于 {kind}，但要求的是 {wanted}。", "请选择适用于 {kind} 的配方，或提供其他文件。"),
    },
    "input.open-end": {
        "en": (
            "“{name}” ends with a number that no line break follows: the file may be cut within it.",
            "Compare the counts with the program’s.",
        ),
        "zh-hans": ("“{name}”以一个没有换行符的数字结尾：文件可能在其中被截断。", "请与制作软件中的数量核对。"),
    },
    "sidecar.unused": {
        "en": (
            "“{name}” was given as a companion, but nothing of this input ({kind}) uses it.",
            "Leave it out, or name it as its input does.",
        ),
        "zh-hans": ("“{name}”作为附属文件提供，但该输入（{kind}）没有用到它。", "请去掉它，或按输入文件的引用为其命名。"),
    },
    "sidecar.name-taken": {
        "en": ("The input already holds a file named “{name}”.", "Rename the companion, or take the other file out."),
        "zh-hans": ("输入中已有名为“{name}”的文件。", "请重命名附属文件，或移除另一文件。"),
    },
    "folder.no-main": {
        "en": (
            "“{name}” holds nothing that can be digitized.",
            "Put a model, cloud, picture, document, recording, film or motion into it.",
        ),
        "zh-hans": ("“{name}”中没有可以数字化的内容。", "请放入模型、点云、图片、文档、录音、影片或动作文件。"),
    },
    "folder.several-mains": {
        "en": ("“{name}” holds several objects: {names}.", "Give each object by itself, or say by a recipe which kind is meant."),
        "zh-hans": ("“{name}”中有多个对象：{names}。", "请将每个对象分别提交，或以配方指明类型。"),
    },
    "folder.too-many": {
        "en": ("The folder holds more than {limit} files.", "Leave in it only what the object needs."),
        "zh-hans": ("文件夹中的文件超过 {limit} 个。", "请只保留该对象所需的文件。"),
    },
    "member.missing": {
        "en": ("“{by}” names “{name}”, which is not there.", "Put the file beside it, and give both as one zip or folder."),
        "zh-hans": ("“{by}”引用了“{name}”，但该文件不存在。", "请将该文件放在一起，并以一个 zip 或文件夹提交。"),
    },
    "member.outside": {
        "en": ("“{by}” names “{name}”, which lies outside its folder.", "Put the file beside it and name it relative to it."),
        "zh-hans": ("“{by}”引用了文件夹之外的“{name}”。", "请将该文件放在一起，并使用相对路径引用。"),
    },
    "member.reserved": {
        "en": ("The name “{name}” is kept for this platform’s own record.", "Rename the file, and what names it."),
        "zh-hans": ("文件名“{name}”由本平台保留。", "请重命名该文件及其引用。"),
    },
    "text.line-too-long": {
        "en": ("A line is longer than {limit} bytes.", "Write the file again with shorter lines."),
        "zh-hans": ("有一行超过 {limit} 字节。", "请用较短的行重新写出文件。"),
    },
    "text.binary": {
        "en": ("There are binary bytes in a text format.", _AGAIN_EN),
        "zh-hans": ("文本格式中含有二进制字节。", _AGAIN_ZH),
    },
    "zip.broken": {
        "en": ("The zip is broken: {problem}.", _REPACK_EN),
        "zh-hans": ("zip 已损坏：{problem}。", _REPACK_ZH),
    },
    "zip.too-many": {
        "en": ("The zip lists {count} members; at most {limit} are taken.", "Pack only what the object needs."),
        "zh-hans": ("zip 含 {count} 个成员；上限为 {limit}。", "请只打包该对象所需的文件。"),
    },
    "zip.too-large": {
        "en": ("The zip unpacks to {bytes} bytes or more; at most {limit} are taken.", _SMALLER_EN),
        "zh-hans": ("zip 解压后达到或超过 {bytes} 字节；上限为 {limit}。", _SMALLER_ZH),
    },
    "zip.ratio": {
        "en": ("“{name}” unpacks to {ratio} times its size; at most {limit} times is taken.", _REPACK_EN),
        "zh-hans": ("“{name}”解压后为原大小的 {ratio} 倍；上限为 {limit} 倍。", _REPACK_ZH),
    },
    "zip.unsafe-name": {
        "en": ("The zip holds a name that could leave its folder: “{name}”.", _REPACK_EN),
        "zh-hans": ("zip 中含有可能越出文件夹的名称：“{name}”。", _REPACK_ZH),
    },
    "zip.link": {
        "en": ("“{name}” in the zip is a link or a device.", "Pack the file itself."),
        "zh-hans": ("zip 中的“{name}”是链接或设备。", "请打包文件本身。"),
    },
    "zip.encrypted": {
        "en": ("“{name}” in the zip is encrypted.", "Pack without a password."),
        "zh-hans": ("zip 中的“{name}”已加密。", "请不要设置密码。"),
    },
    "zip.method": {
        "en": ("“{name}” is packed by method {method}, which is not read here.", "Pack with “deflate” or without compression."),
        "zh-hans": ("“{name}”使用的压缩方法 {method} 不受支持。", "请使用 deflate 或不压缩。"),
    },
    "zip.nested": {
        "en": ("“{name}” in the zip is an archive itself.", "Pack the files directly."),
        "zh-hans": ("zip 中的“{name}”本身也是压缩包。", "请直接打包文件。"),
    },
    "zip.duplicate": {
        "en": ("“{name}” and “{other}” in the zip would be one file on some systems.", "Rename one of them."),
        "zh-hans": ("zip 中的“{name}”与“{other}”在某些系统上会成为同一文件。", "请重命名其中之一。"),
    },
    "zip.names-guessed": {
        "en": ("The zip does not say how its names are written; they were read as {encoding}.", "Check the names."),
        "zh-hans": ("zip 未说明文件名编码；已按 {encoding} 读取。", "请核对文件名。"),
    },
    "input.files-unused": {
        "en": ("{count} files are not used by the object and are not kept: {names}.", "Submit what matters of them by itself."),
        "zh-hans": ("有 {count} 个文件未被对象使用，不予保存：{names}。", "如有需要，请单独提交。"),
    },
    "input.bytes-after-end": {
        "en": ("{bytes} bytes stand after the end of the data and are not read.", "Check that nothing is missing from the object."),
        "zh-hans": ("数据结束之后还有 {bytes} 字节，未读取。", "请确认对象没有缺失。"),
    },
}

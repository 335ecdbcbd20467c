# SPDX-License-Identifier: Apache-2.0
"""Texts of OFF and 3MF in, and of print files out."""

from __future__ import annotations

_EXPORT_EN, _EXPORT_ZH = "Export the object again from its program.", "请从制作软件中重新导出。"
_COPY_EN, _COPY_ZH = (
    "The file was probably cut off while copying or uploading: copy it again.",
    "文件可能在复制或上传时被截断：请重新复制。",
)
_KEPT_EN, _KEPT_ZH = "The original keeps it; the derivatives do without.", "该内容保留在原始文件中；衍生文件不含此项。"

MESHES: dict[str, dict[str, tuple[str, str]]] = {
    "off.header": {"en": ("The OFF’s header is wrong: {problem}.", _EXPORT_EN), "zh-hans": ("OFF 文件头有误：{problem}。", _EXPORT_ZH)},
    "off.count-too-large": {
        "en": ("The OFF promises {count} of “{element}”; at most {limit} are taken.", "Reduce or split the object."),
        "zh-hans": ("OFF 声明“{element}”有 {count} 个；上限为 {limit}。", "请简化或拆分对象。"),
    },
    "off.row": {
        "en": ("Row {row} of “{element}” cannot be read: “{text}”.", _EXPORT_EN),
        "zh-hans": ("“{element}”的第 {row} 行无法读取：“{text}”。", _EXPORT_ZH),
    },
    "off.truncated": {
        "en": ("The OFF ends within “{element}”: {complete} of {expected} are whole.", _COPY_EN),
        "zh-hans": ("OFF 在“{element}”中间结束：{expected} 个中只有 {complete} 个完整。", _COPY_ZH),
    },
    "off.values-left-out": {
        "en": ("The vertices carry {count} values that the header does not announce; they are left out.", _KEPT_EN),
        "zh-hans": ("顶点含有 {count} 个文件头未声明的数值，未采用。", _KEPT_ZH),
    },
    "off.face-colours-left-out": {
        "en": ("Colours by face were left out; only colours by vertex are kept.", "Transfer them to the vertices and upload again."),
        "zh-hans": ("已略去按面着色；仅保留按顶点着色。", "请将颜色转移到顶点后重新上传。"),
    },
    "3mf.xml": {
        "en": ("“{name}” in the 3MF is no sound XML: {problem}.", _EXPORT_EN),
        "zh-hans": ("3MF 中的“{name}”不是有效的 XML：{problem}。", _EXPORT_ZH),
    },
    "3mf.structure": {
        "en": ("The 3MF breaks its own rules: {problem}.", _EXPORT_EN),
        "zh-hans": ("该 3MF 不符合规范：{problem}。", _EXPORT_ZH),
    },
    "3mf.part-missing": {
        "en": ("The 3MF names “{name}”, which it does not hold.", _EXPORT_EN),
        "zh-hans": ("3MF 引用了“{name}”，但其中没有该部分。", _EXPORT_ZH),
    },
    "3mf.extension": {
        "en": ("The 3MF requires the extension {extension}, which is not read here.", "Export it without that extension."),
        "zh-hans": ("该 3MF 需要扩展 {extension}，暂不支持。", "请不使用该扩展导出。"),
    },
    "3mf.left-out": {
        "en": ("Parts of the 3MF are left out: {names}.", _KEPT_EN),
        "zh-hans": ("3MF 的以下内容未采用：{names}。", _KEPT_ZH),
    },
    "print.not-watertight": {
        "en": (
            "There is no file for printing: the surface is open at {edges} edges.",
            "Close its holes in a mesh editor, and upload the result.",
        ),
        "zh-hans": ("未生成打印文件：表面有 {edges} 条开放边。", "请在网格编辑器中补洞后上传。"),
    },
    "print.not-manifold": {
        "en": ("There is no file for printing: at {edges} edges more than two faces meet.", "Mend the surface in a mesh editor."),
        "zh-hans": ("未生成打印文件：有 {edges} 条边连接两个以上的面。", "请在网格编辑器中修复。"),
    },
    "print.uneven": {
        "en": ("There is no file for printing: at {edges} edges the faces are turned against each other.", "Turn all faces outwards."),
        "zh-hans": ("未生成打印文件：有 {edges} 条边两侧的面朝向相反。", "请统一面的朝向。"),
    },
    "print.inside-out": {
        "en": ("There is no file for printing: the surface encloses no volume, or faces inwards.", "Turn all faces outwards."),
        "zh-hans": ("未生成打印文件：表面未围成体积，或朝向内侧。", "请将所有面朝外。"),
    },
    "print.refused": {
        "en": ("There is no file for printing: the check of solids says {status}.", "Mend the surface in a mesh editor."),
        "zh-hans": ("未生成打印文件：实体检查结果为 {status}。", "请在网格编辑器中修复。"),
    },
    "print.unit-undeclared": {
        "en": ("The STL holds the original’s numbers; there is no 3MF, for nothing declares the unit.", "State the unit when you upload."),
        "zh-hans": ("STL 使用原始数值；因未声明单位，未生成 3MF。", "请在上传时注明单位。"),
    },
    "usdz.unsound": {
        "en": ("The USDZ that was written is not sound: {problem}.", "Report this with the file: nothing was stored."),
        "zh-hans": ("写出的 USDZ 有误：{problem}。", "请连同文件反馈此问题：未存储任何内容。"),
    },
    "texture.sixteen-bits": {
        "en": ("The texture {name} has 16 bits a channel; what is encoded anew has 8.", _KEPT_EN),
        "zh-hans": ("纹理 {name} 为每通道 16 位；重新编码后为 8 位。", _KEPT_ZH),
    },
    "mesh.normals-left-out": {
        "en": ("The file’s normals have no direction at {count} vertices; all are computed from the faces instead.", "Check the shading."),
        "zh-hans": ("文件在 {count} 个顶点处的法线没有方向；已全部按面重新计算。", "请核对明暗效果。"),
    },
    "mesh.colours-supposed": {
        "en": ("The vertex colours are fractional numbers beyond 1; they were read as 0 to 255.", "Check the colours."),
        "zh-hans": ("顶点颜色为大于 1 的小数；已按 0 至 255 读取。", "请核对颜色。"),
    },
    "mesh.colours-left-out": {
        "en": ("The vertex colours run to {most}, beyond any known range; they were left out.", "Export them as 0 to 255."),
        "zh-hans": ("顶点颜色最大为 {most}，超出已知范围，未采用。", "请以 0 至 255 导出。"),
    },
}

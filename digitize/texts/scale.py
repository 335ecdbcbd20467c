# SPDX-License-Identifier: Apache-2.0
"""Texts of units, scale bars and upward axes."""

from __future__ import annotations

_MEND_EN = "docs/report.md describes scale.json; mend it, or leave it out."
_MEND_ZH = "scale.json 的写法见 docs/report.md；请修正或去掉它。"

SCALE: dict[str, dict[str, tuple[str, str]]] = {
    "declared.unused": {
        "en": ("“{name}” was declared, but nothing of this input ({kind}) can be told that way.", "What may be declared of it: {taken}."),
        "zh-hans": ("声明了“{name}”，但此类输入（{kind}）用不到它。", "此类输入可声明：{taken}。"),
    },
    "declared.unknown": {
        "en": ("“{said}” is declared as {name}, which is not known here.", "Known are {known}."),
        "zh-hans": ("声明的 {name} 为“{said}”，无法识别。", "可用值：{known}。"),
    },
    "unit.overruled": {
        "en": ("The file states {stated} as its unit, but {declared} was declared and is applied.", "Check which of them is right."),
        "zh-hans": ("文件注明单位为 {stated}，但上传时声明为 {declared}，已按后者处理。", "请核对哪一个正确。"),
    },
    "up.overruled": {
        "en": ("The file states {stated} as its upward axis, but {declared} was declared and is applied.", "Check which of them is right."),
        "zh-hans": ("文件注明向上轴为 {stated}，但上传时声明为 {declared}，已按后者处理。", "请核对哪一个正确。"),
    },
    "scale.invalid": {
        "en": ("The scale bars cannot be read: {problem}.", _MEND_EN),
        "zh-hans": ("无法读取比例尺：{problem}。", _MEND_ZH),
    },
    "scale.outside": {
        "en": ("A scale bar's point ({point}) lies far outside the object.", "Give the points in the file's own numbers."),
        "zh-hans": ("比例尺的一个端点（{point}）远在对象之外。", "请按文件自身的坐标给出端点。"),
    },
    "scale.contradicted": {
        "en": (
            "The scale bars contradict each other: {bar} would be {fitted} by the others.",
            "Measure again, or leave out what is wrong.",
        ),
        "zh-hans": ("各比例尺相互矛盾：按其余比例尺，{bar} 应为 {fitted}。", "请重新测量，或去掉错误的一条。"),
    },
    "scale.contradicts-unit": {
        "en": (
            "{unit} was declared as the unit, but by the scale bars one unit of the file is {factor} m.",
            "Declare the unit or give scale bars, whichever is right.",
        ),
        "zh-hans": ("声明的单位为 {unit}，但按比例尺，文件中的一个单位为 {factor} 米。", "请只保留正确的一项：单位声明或比例尺。"),
    },
    "scale.overrules-unit": {
        "en": (
            "The file states {unit} as its unit, but by the scale bars one unit is {factor} m, which is applied.",
            "Check the scale bars.",
        ),
        "zh-hans": ("文件注明单位为 {unit}，但按比例尺一个单位为 {factor} 米，已按后者处理。", "请核对比例尺。"),
    },
    "scale.one-bar": {
        "en": ("The scale rests on one {evidence}, which nothing checks.", "Give a second one to know how certain it is."),
        "zh-hans": ("尺度仅依据一条比例尺（{evidence}），无法互相校验。", "请再提供一条，以了解其可靠程度。"),
    },
    "scale.uneven": {
        "en": ("The scale bars differ by up to {percent} % from the common scale.", "Measure again where it matters."),
        "zh-hans": ("各比例尺与共同尺度最多相差 {percent} %。", "如有需要，请重新测量。"),
    },
}

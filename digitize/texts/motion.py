# SPDX-License-Identifier: Apache-2.0
"""Texts about motion: what is refused and what is doubted."""

from __future__ import annotations

_EXPORT_EN = "Export the motion again from its program."
_EXPORT_ZH = "请从制作软件中重新导出动作。"
_COPY_EN = "The file was probably cut off while copying or uploading: copy it again."
_COPY_ZH = "文件可能在复制或上传时被截断：请重新复制。"
_SPLIT_EN = "Split the recording, or ask the administrator to raise the limit."
_SPLIT_ZH = "请拆分录制内容，或请管理员调高限制。"

MOTION: dict[str, dict[str, tuple[str, str]]] = {
    "bvh.structure": {"en": ("The BVH is wrong: {problem}.", _EXPORT_EN), "zh-hans": ("BVH 有误：{problem}。", _EXPORT_ZH)},
    "bvh.too-large": {
        "en": ("The BVH holds {count}; at most {limit} are taken.", _SPLIT_EN),
        "zh-hans": ("BVH 含有 {count}；上限为 {limit}。", _SPLIT_ZH),
    },
    "bvh.row": {
        "en": ("Row {row} of the BVH cannot be read: it has {values} values, and {expected} numbers are needed.", _EXPORT_EN),
        "zh-hans": ("BVH 第 {row} 行无法读取：该行有 {values} 个值，应为 {expected} 个数字。", _EXPORT_ZH),
    },
    "bvh.not-finite": {
        "en": ("The BVH holds a value that is no usable number (not a number, infinite, or beyond 1e18).", _EXPORT_EN),
        "zh-hans": ("BVH 含有不可用的数值（非数、无穷大或超过 1e18）。", _EXPORT_ZH),
    },
    "bvh.truncated": {
        "en": ("The BVH ends too early: the last sound row is {complete} of {expected}.", _COPY_EN),
        "zh-hans": ("BVH 过早结束：共 {expected} 行，最后一个完整的行是第 {complete} 行。", _COPY_ZH),
    },
    "bvh.rows": {
        "en": ("The BVH states {frames} frames, but more rows follow.", _EXPORT_EN),
        "zh-hans": ("BVH 声明有 {frames} 帧，其后却还有更多行。", _EXPORT_ZH),
    },
    "bvh.last-number": {
        "en": ("No line break follows the last number: the file may be cut within it.", _COPY_EN),
        "zh-hans": ("最后一个数字之后没有换行：文件可能在此处被截断。", _COPY_ZH),
    },
    "bvh.no-size": {
        "en": ("All joints stand in one point: there is no skeleton to show.", _EXPORT_EN),
        "zh-hans": ("所有关节位于同一点：没有可显示的骨架。", _EXPORT_ZH),
    },
    "bvh.offset-and-position": {
        "en": (
            "{count} joints have an OFFSET and positions in each frame; the positions were taken {how} the OFFSET ({names}).",
            "Programs differ here: look at the motion, and choose the other reading in the recipe where it is torn.",
        ),
        "zh-hans": (
            "{count} 个关节既有 OFFSET 又有逐帧位置；读取方式：positions {how} OFFSET（{names}）。",
            "各软件的约定不同：请查看动作，如骨架被拉开，请在配方中选择另一种读法。",
        ),
    },
    "motion.unsupported": {
        "en": ("{format} is not read here.", "Export the motion as BVH."),
        "zh-hans": ("暂不支持 {format}。", "请将动作导出为 BVH。"),
    },
    "motion.error-missed": {
        "en": (
            "A joint lies up to {error} from where it was recorded; {allowed} was allowed, but single precision cannot do better here.",
            "Bring the recording near the origin and export it again.",
        ),
        "zh-hans": (
            "关节与原录制位置最多相差 {error}，允许值为 {allowed}；单精度在此无法更精确。",
            "请将录制内容移到原点附近后重新导出。",
        ),
    },
    "motion.lost": {
        "en": ("The motion’s file holds {got} {name} instead of {given}.", "Report this with the file: nothing was stored."),
        "zh-hans": ("动作文件含有 {got} 个{name}，应为 {given} 个。", "请连同文件反馈此问题：未存储任何内容。"),
    },
}

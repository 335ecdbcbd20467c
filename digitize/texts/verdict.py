# SPDX-License-Identifier: Apache-2.0
"""Texts of quality profiles, and of what falls short of them."""

from __future__ import annotations

# measure -> (English, Chinese) as the beginning of a sentence
_LABELS = {
    "mean-e4": ("The mean distance in 1e-4 of the diagonal", "平均误差（对角线的万分之一）"),
    "rms-e4": ("The root mean square distance in 1e-4 of the diagonal", "均方根误差（对角线的万分之一）"),
    "p999-e4": ("The 99.9th percentile of the distance in 1e-4 of the diagonal", "误差第 99.9 百分位（对角线的万分之一）"),
    "max-e4": ("The largest distance in 1e-4 of the diagonal", "最大误差（对角线的万分之一）"),
    "mean-mm": ("The mean distance in mm", "平均误差（毫米）"),
    "p999-mm": ("The 99.9th percentile of the distance in mm", "误差第 99.9 百分位（毫米）"),
    "max-mm": ("The largest distance in mm", "最大误差（毫米）"),
    "normal-mean": ("The mean deviation of the normals in degrees", "法线平均偏差（度）"),
    "normal-p999": ("The 99.9th percentile of the normals' deviation in degrees", "法线偏差第 99.9 百分位（度）"),
    "colour-psnr": ("The colour's signal-to-noise ratio in dB", "颜色峰值信噪比（dB）"),
    "colour-mae": ("The mean colour difference of 255", "平均颜色差（满值 255）"),
    "colour-off": ("The share of points off by more than 30 of 255", "颜色偏差超过 30/255 的点所占比例"),
    "texel-density": ("The median of texels per unit of length", "每单位长度的纹素数（中位数）"),
    "uv-overlap": ("The share of the texture used more than once", "纹理重叠使用的比例"),
    "gzip-bytes": ("The size in bytes as sent", "传输大小（字节）"),
    "bytes": ("The size in bytes", "大小（字节）"),
    "components": ("The number of separate pieces", "独立部件数"),
    "empty-triangles": ("The number of triangles without area", "无面积三角形数"),
    "boundary-edges": ("The number of open edges", "开放边数"),
    "triangles": ("The number of triangles", "三角形数"),
    "texture-side": ("The largest texture's side in pixels", "最大纹理边长（像素）"),
    "width": ("The width in pixels", "宽度（像素）"),
    "height": ("The height in pixels", "高度（像素）"),
    "points": ("The number of points", "点数"),
    "pages": ("The number of pages", "页数"),
    "joints": ("The number of joints", "关节数"),
    "duration": ("The duration in seconds", "时长（秒）"),
    "frames": ("The number of frames", "帧数"),
    "rate": ("The sampling rate in Hz", "采样率（Hz）"),
    "bits": ("The bits per sample", "每样本位数"),
    "channels": ("The number of channels", "声道数"),
    "watertight": ("Watertight", "是否封闭"),
    "manifold": ("Manifold", "是否流形"),
    "unit-known": ("A known unit of length", "长度单位是否已知"),
    "up-known": ("A confirmed upward axis", "向上轴是否已确认"),
}

VERDICT: dict[str, dict[str, tuple[str, str]]] = {
    "profile.unknown": {
        "en": ("There is no quality profile “{name}”.", "Profiles known: {known}."),
        "zh-hans": ("没有名为“{name}”的质量标准。", "现有标准：{known}。"),
    },
    "profile.invalid": {
        "en": ("The quality profile “{name}” is not valid: {problem}.", "Mend the profile's file; docs/report.md describes it."),
        "zh-hans": ("质量标准“{name}”无效：{problem}。", "请修正该文件；其格式见 docs/report.md。"),
    },
    "verdict.missing": {
        "en": ("There is no rendition {role}, for which {measure} {limit} is demanded.", "Choose a recipe that makes it."),
        "zh-hans": ("没有衍生文件 {role}，而标准要求其 {measure} {limit}。", "请选择会生成它的配方。"),
    },
    "verdict.unknown": {
        "en": ("{measure} {limit} is demanded ({role}), but it is not known.", "Declare the unit, or measure it."),
        "zh-hans": ("标准要求 {measure} {limit}（{role}），但该值未知。", "请声明单位，或进行测量。"),
    },
    **{
        f"verdict.{measure}": {
            "en": (
                f"{english}: {{got}}, demanded is {{limit}} ({{role}}).",
                "Choose a recipe that keeps more, or a profile that asks for less.",
            ),
            "zh-hans": (f"{chinese}：{{got}}，标准要求 {{limit}}（{{role}}）。", "请选择保留更多细节的配方，或要求较低的标准。"),
        }
        for measure, (english, chinese) in _LABELS.items()
    },
}

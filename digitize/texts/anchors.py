# SPDX-License-Identifier: Apache-2.0
"""Texts of anchors that do not survive."""

from __future__ import annotations

_PLACE_EN, _PLACE_ZH = "Place the annotation again on the new model.", "请在新模型上重新标注。"

ANCHORS: dict[str, dict[str, tuple[str, str]]] = {
    "anchor.not-of-this": {
        "en": ("The anchor does not belong to this model: its triangle lies elsewhere.", "Give the model that it was made on."),
        "zh-hans": ("锚点不属于此模型：其三角形位于别处。", "请提供创建该锚点时的模型。"),
    },
    "anchor.not-registered": {
        "en": (
            "The new scan does not fit the old one: {residual} ten-thousandths of the diagonal are left, at most {limit} may be.",
            _PLACE_EN,
        ),
        "zh-hans": ("新扫描与旧扫描不吻合：残差为对角线的万分之 {residual}，上限为万分之 {limit}。", _PLACE_ZH),
    },
    "anchor.ambiguous": {
        "en": ("The new scan fits the old one in several ways, as what is round does.", _PLACE_EN),
        "zh-hans": ("新扫描可以多种姿态与旧扫描吻合（例如回转体）。", _PLACE_ZH),
    },
    "anchor.gone": {
        "en": ("There is no surface left within reach of the anchor (radius {radius}).", _PLACE_EN),
        "zh-hans": ("锚点附近（半径 {radius}）已没有表面。", _PLACE_ZH),
    },
    "anchor.no-surface": {
        "en": ("There is no surface within {reach} {unit} of the place that was pointed at.", "Point at the surface itself."),
        "zh-hans": ("所指位置 {reach} {unit} 之内没有表面。", "请直接指向表面。"),
    },
    "anchor.no-level": {
        "en": ("The earlier scan has no model to start from.", _PLACE_EN),
        "zh-hans": ("较早的扫描没有可用作起点的模型。", _PLACE_ZH),
    },
    "anchor.not-carried": {
        "en": ("It has not been carried to the newer scan.", "Carry it over, or place it anew."),
        "zh-hans": ("尚未转移到较新的扫描。", "请转移，或重新标注。"),
    },
    "anchor.turned": {
        "en": ("The surface at the anchor has turned by {turn}°, at most {limit}° may be.", _PLACE_EN),
        "zh-hans": ("锚点处的表面转动了 {turn}°，上限为 {limit}°。", _PLACE_ZH),
    },
    "anchor.changed": {
        "en": ("The surface around the anchor has changed by {change} % of its radius, at most {limit} % may be.", _PLACE_EN),
        "zh-hans": ("锚点周围的表面变化达半径的 {change}%，上限为 {limit}%。", _PLACE_ZH),
    },
}

# SPDX-License-Identifier: Apache-2.0
"""Texts about point clouds and Gaussian splats: refusals and doubts of pre-flight and steps."""

from __future__ import annotations

_EXPORT_EN = "Export the cloud again from its program."
_EXPORT_ZH = "请从制作软件中重新导出点云。"
_COPY_EN = "The file was probably cut off while copying or uploading: copy it again."
_COPY_ZH = "文件可能在复制或上传时被截断：请重新复制。"
_THIN_EN = "Thin or split the cloud, or ask the administrator to raise the limit."
_THIN_ZH = "请抽稀或拆分点云，或请管理员调高限制。"
_STATE_EN = "State the unit when you upload."
_STATE_ZH = "请在上传时注明单位。"
_KEPT_EN = "The original keeps them."
_KEPT_ZH = "原始文件中仍然保留。"

CLOUDS: dict[str, dict[str, tuple[str, str]]] = {
    "points.none": {"en": ("The file holds no points.", _EXPORT_EN), "zh-hans": ("文件中没有点。", _EXPORT_ZH)},
    "points.too-many": {
        "en": ("The cloud has more than {limit} points.", _THIN_EN),
        "zh-hans": ("点云超过 {limit} 个点。", _THIN_ZH),
    },
    "points.row": {
        "en": ("Row {row} cannot be read as a point: “{text}”.", "Write numbers with a decimal point, coordinates first."),
        "zh-hans": ("第 {row} 行无法读取为点：“{text}”。", "请以小数点书写数字，坐标在前。"),
    },
    "points.row-width": {
        "en": ("Row {row} has {columns} columns instead of {expected}.", _COPY_EN),
        "zh-hans": ("第 {row} 行有 {columns} 列，应为 {expected} 列。", _COPY_ZH),
    },
    "points.count": {
        "en": ("The file promises {expected} points, but has {points} up to here.", _EXPORT_EN),
        "zh-hans": ("文件声明有 {expected} 个点，至此已有 {points} 个。", _EXPORT_ZH),
    },
    "points.truncated": {
        "en": ("The file ends too early: {complete} of {expected} points are there.", _COPY_EN),
        "zh-hans": ("文件过早结束：{expected} 个点中只有 {complete} 个。", _COPY_ZH),
    },
    "points.open-end": {
        "en": ("The last line has no end: the file may have been cut within it.", "Compare the number of points with the program’s."),
        "zh-hans": ("最后一行没有换行符：文件可能在此处被截断。", "请与制作软件中的点数核对。"),
    },
    "points.columns-ambiguous": {
        "en": (
            "Several columns could be the colour or the normal; none was taken.",
            "Name the columns in the first line: x y z red green blue.",
        ),
        "zh-hans": ("有多列可能是颜色或法线，均未采用。", "请在首行写明列名：x y z red green blue。"),
    },
    "points.columns-left-out": {
        "en": ("These columns are not carried into the derivatives: {names}.", _KEPT_EN),
        "zh-hans": ("以下列未用于衍生文件：{names}。", _KEPT_ZH),
    },
    "points.fields-left-out": {
        "en": ("These fields of the points are not carried into the derivatives: {names}.", _KEPT_EN),
        "zh-hans": ("点的以下字段未用于衍生文件：{names}。", _KEPT_ZH),
    },
    "points.count-mismatch": {
        "en": ("The file announces {expected} points, but {read} were read.", _EXPORT_EN),
        "zh-hans": ("文件声明有 {expected} 个点，实际读取到 {read} 个。", _EXPORT_ZH),
    },
    "points.unreadable": {
        "en": ("“{name}” cannot be read as a point cloud: {problem}.", _EXPORT_EN),
        "zh-hans": ("无法将“{name}”读取为点云：{problem}。", _EXPORT_ZH),
    },
    "points.too-few": {
        "en": ("{points} points are too few: at least {least} are needed.", "Give the whole scan."),
        "zh-hans": ("{points} 个点太少：至少需要 {least} 个。", "请提供完整扫描。"),
    },
    "points.no-extent": {
        "en": ("All points lie in one place or on one line: there is no surface.", _EXPORT_EN),
        "zh-hans": ("所有点集中于一处或一线：没有表面。", _EXPORT_ZH),
    },
    "points.invalid-left-out": {
        "en": ("{count} records are marked as not measured and were left out.", "That is usual: the scanner saw nothing there."),
        "zh-hans": ("有 {count} 条记录标为未测得，已略去。", "这属正常：扫描仪在该处没有回波。"),
    },
    "points.duplicates": {
        "en": ("{count} points lie exactly where another one does; each place was taken once.", _KEPT_EN),
        "zh-hans": ("有 {count} 个点与其他点位置完全相同；每处只取一个。", _KEPT_ZH),
    },
    "points.outliers": {
        "en": (
            "{count} points ({share} %) stand apart from their neighbours and were left out.",
            "Change `sigmas` of the recipe to keep more.",
        ),
        "zh-hans": ("有 {count} 个点（{share}%）远离邻点，已略去。", "如需保留更多，请调整配方中的 `sigmas`。"),
    },
    "points.thinned": {
        "en": ("{kept} of {points} points are published, one a cell of {cell}.", "The original keeps all."),
        "zh-hans": ("共 {points} 个点，发布 {kept} 个，每个 {cell} 的格子一个。", "原始文件保留全部点。"),
    },
    "points.sides-supposed": {
        "en": (
            "Nothing says which side of the surface is outside; it was supposed from the shape ({share} % of the evidence agrees).",
            "Give scans with the scanner’s position, or with normals.",
        ),
        "zh-hans": ("无法得知表面的外侧；已按形状推断（{share}% 的依据一致）。", "请提供含扫描站位置或法线的扫描。"),
    },
    "points.fog": {
        "en": (
            "The points do not lie on a surface: {share} % of their neighbours’ spread is across it (a sheet has 0, fog 33).",
            "A surface made of them is supposed more than measured: publish them as points (recipe points-only).",
        ),
        "zh-hans": (
            "这些点并不构成表面：邻点离散度的 {share}% 垂直于表面（薄面为 0，雾状为 33）。",
            "由此重建的表面多为推测：请按点云发布（配方 points-only）。",
        ),
    },
    "points.surface-poor": {
        "en": (
            "{share} % of the points lie farther than {reach} from the surface made of them.",
            "The cloud may be too noisy or too thin for a surface: publish it as points (recipe points-only).",
        ),
        "zh-hans": ("{share}% 的点距重建表面超过 {reach}。", "点云可能噪声过大或过稀：请按点云发布（配方 points-only）。"),
    },
    "points.surface-islands": {
        "en": ("{count} small pieces of the surface ({share} % of its area) were left out.", "The published points keep them."),
        "zh-hans": ("已略去表面的 {count} 个小块（面积的 {share}%）。", "发布的点云中仍然保留。"),
    },
    "points.no-surface": {
        "en": ("No surface could be made of these points: {problem}.", "Publish them as points (recipe points-only)."),
        "zh-hans": ("无法由这些点重建表面：{problem}。", "请按点云发布（配方 points-only）。"),
    },
    "points.not-registered": {
        "en": (
            "“{name}” could not be brought into one frame with the other scans: best overlap {overlap} %, residual {residual}.",
            "Give scans that overlap by a quarter or more, or register them in the scanner’s program.",
        ),
        "zh-hans": (
            "“{name}”无法与其他扫描配准到同一坐标系：最佳重叠率 {overlap}%，残差 {residual}。",
            "请提供重叠四分之一以上的扫描，或先在扫描软件中配准。",
        ),
    },
    "points.frame-unchecked": {
        "en": (
            "“{name}” hardly overlaps the other scans ({overlap} %): its place is the file’s own and could not be checked.",
            "Compare it by eye.",
        ),
        "zh-hans": ("“{name}”与其他扫描几乎不重叠（{overlap}%）：其位置取自文件，无法核对。", "请目视核对。"),
    },
    "points.units-differ": {
        "en": ("“{name}” states {unit}, the scans before it {expected}.", "Convert the scans to one unit."),
        "zh-hans": ("“{name}”的单位为 {unit}，此前的扫描为 {expected}。", "请将扫描换算为同一单位。"),
    },
    "points.unit-overruled": {
        "en": ("The file states {stated}, the upload {declared}; the upload’s was applied.", "Check which one is right."),
        "zh-hans": ("文件标注单位为 {stated}，上传时声明为 {declared}；已采用后者。", "请核对哪一个正确。"),
    },
    "las.header": {"en": ("The LAS’s header is wrong: {problem}.", _EXPORT_EN), "zh-hans": ("LAS 文件头有误：{problem}。", _EXPORT_ZH)},
    "las.truncated": {
        "en": ("The LAS ends too early: {complete} of {expected} points are whole.", _COPY_EN),
        "zh-hans": ("LAS 过早结束：{expected} 个点中只有 {complete} 个完整。", _COPY_ZH),
    },
    "las.bounds": {
        "en": ("The points do not fill the box that the LAS’s header states.", "The header may be of another file: export it again."),
        "zh-hans": ("点的范围与 LAS 文件头所述不符。", "文件头可能属于另一个文件：请重新导出。"),
    },
    "las.angles": {
        "en": (
            "The LAS states its coordinates as angles on the Earth, which are no lengths; its numbers stay as they are.",
            "Project it first.",
        ),
        "zh-hans": ("LAS 的坐标为经纬度，并非长度；数值保持不变。", "请先投影。"),
    },
    "las.unit-open": {
        "en": ("The LAS’s reference system leaves the unit of length open ({problem}).", _STATE_EN),
        "zh-hans": ("LAS 的坐标系未能确定长度单位（{problem}）。", _STATE_ZH),
    },
    "laz.header": {
        "en": ("The LAZ’s packing is wrong: {problem}.", _EXPORT_EN),
        "zh-hans": ("LAZ 的压缩信息有误：{problem}。", _EXPORT_ZH),
    },
    "laz.truncated": {
        "en": ("The LAZ ends at byte {bytes}, before its table of chunks (stated at byte {table}).", _COPY_EN),
        "zh-hans": ("LAZ 在第 {bytes} 字节结束，尚未到达数据块表（声明位于第 {table} 字节）。", _COPY_ZH),
    },
    "e57.header": {"en": ("The E57’s header is wrong: {problem}.", _EXPORT_EN), "zh-hans": ("E57 文件头有误：{problem}。", _EXPORT_ZH)},
    "e57.truncated": {
        "en": ("The E57 ends too early: {complete} of {expected} pages are whole.", _COPY_EN),
        "zh-hans": ("E57 过早结束：{expected} 页中只有 {complete} 页完整。", _COPY_ZH),
    },
    "e57.checksum": {
        "en": ("Page {page} of {pages} of the E57 does not match its checksum.", _COPY_EN),
        "zh-hans": ("E57 第 {page} 页（共 {pages} 页）与校验和不符。", _COPY_ZH),
    },
    "e57.offset": {
        "en": ("The E57 names byte {offset}, but only {bytes} can be read.", _EXPORT_EN),
        "zh-hans": ("E57 引用了第 {offset} 字节，但只有 {bytes} 字节可读。", _EXPORT_ZH),
    },
    "e57.xml": {"en": ("The E57’s XML is refused: {problem}.", _EXPORT_EN), "zh-hans": ("E57 的 XML 不被接受：{problem}。", _EXPORT_ZH)},
    "e57.structure": {
        "en": ("The E57 breaks its own rules: {problem}.", _EXPORT_EN),
        "zh-hans": ("该 E57 不符合规范：{problem}。", _EXPORT_ZH),
    },
    "e57.section": {
        "en": ("A binary section of the E57 is wrong: {problem}.", _EXPORT_EN),
        "zh-hans": ("E57 的一个二进制段有误：{problem}。", _EXPORT_ZH),
    },
    "e57.truncated-scan": {
        "en": ("The scan holds {complete} values of {name}, but promises {expected}.", _COPY_EN),
        "zh-hans": ("该扫描的 {name} 只有 {complete} 个值，声明为 {expected} 个。", _COPY_ZH),
    },
    "e57.pictures-left-out": {
        "en": ("{count} pictures in the E57 are not carried into the derivatives.", "Give them by themselves."),
        "zh-hans": ("E57 中的 {count} 张图片未用于衍生文件。", "请单独提交。"),
    },
    "e57.empty-scans": {
        "en": ("{count} scans in the E57 hold no points.", "Check that nothing is missing."),
        "zh-hans": ("E57 中有 {count} 个扫描没有点。", "请确认没有缺失。"),
    },
    "splats.truncated": {
        "en": ("The file ends within record {expected}: {complete} splats are whole.", _COPY_EN),
        "zh-hans": ("文件在第 {expected} 条记录中结束：{complete} 个高斯点完整。", _COPY_ZH),
    },
    "splats.record": {
        "en": ("Splat {record} has a place or a size that is no usable number.", _EXPORT_EN),
        "zh-hans": ("第 {record} 个高斯点的位置或大小不是可用数值。", _EXPORT_ZH),
    },
    "splats.invisible": {
        "en": ("{count} splats are fully transparent and are left out.", "Nothing of the picture depends on them."),
        "zh-hans": ("有 {count} 个高斯点完全透明，已略去。", "画面不受影响。"),
    },
    "splats.left-out": {
        "en": ("{count} splats without a size, a place or any opacity were left out.", "Nothing of the picture depends on them."),
        "zh-hans": ("有 {count} 个没有大小、位置或不透明度的高斯点，已略去。", "画面不受影响。"),
    },
    "splats.all-invisible": {"en": ("None of the splats can be seen.", _EXPORT_EN), "zh-hans": ("没有任何可见的高斯点。", _EXPORT_ZH)},
    "splats.directions-dropped": {
        "en": (
            "Colours that change with the direction of view (degree {degree}) are shown by their mean; they differ from it by {rms} of 255 on average.",
            "The original keeps them.",
        ),
        "zh-hans": ("随视角变化的颜色（{degree} 阶）以平均值显示；平均相差 {rms}/255。", "原始文件完整保留。"),
    },
    "spz.packing": {
        "en": ("The SPZ cannot be unpacked: {problem}.", _COPY_EN),
        "zh-hans": ("无法解压 SPZ：{problem}。", _COPY_ZH),
    },
    "spz.header": {"en": ("The SPZ’s header is wrong: {problem}.", _EXPORT_EN), "zh-hans": ("SPZ 文件头有误：{problem}。", _EXPORT_ZH)},
    "spz.truncated": {
        "en": ("The SPZ unpacks to too little: the places of {complete} of {expected} splats are there.", _COPY_EN),
        "zh-hans": ("SPZ 解压后数据不足：{expected} 个高斯点中只有 {complete} 个的位置。", _COPY_ZH),
    },
}

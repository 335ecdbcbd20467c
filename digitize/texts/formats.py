# SPDX-License-Identifier: Apache-2.0
"""Texts of the pre-flight about what stands inside the formats: refusals and doubts."""

from __future__ import annotations

_EXPORT_EN = "Export the object again from its program."
_EXPORT_ZH = "请从制作软件中重新导出。"
_COPY_EN = "The file was probably cut off while copying or uploading: copy it again."
_COPY_ZH = "文件可能在复制或上传时被截断：请重新复制。"
_CLEAN_EN = "Clean the mesh in its program and export it again."
_CLEAN_ZH = "请在制作软件中清理网格后重新导出。"
_REDUCE_EN = "Reduce or split the object, or ask the administrator to raise the limit."
_REDUCE_ZH = "请简化或拆分对象，或请管理员调高限制。"

FORMATS: dict[str, dict[str, tuple[str, str]]] = {
    "mesh.no-vertices": {"en": ("The file holds no vertices.", _EXPORT_EN), "zh-hans": ("文件中没有顶点。", _EXPORT_ZH)},
    "mesh.no-faces": {
        "en": ("The file holds no triangles or polygons.", "Give a point cloud as PLY, XYZ, LAS, LAZ or E57."),
        "zh-hans": ("文件中没有三角形或多边形。", "点云请以 PLY、XYZ、LAS、LAZ 或 E57 提交。"),
    },
    "mesh.index-out-of-range": {
        "en": ("A face names vertex {index}, but there are {vertices} vertices.", _EXPORT_EN),
        "zh-hans": ("有一个面引用了顶点 {index}，但只有 {vertices} 个顶点。", _EXPORT_ZH),
    },
    "mesh.not-finite": {
        "en": ("“{name}” holds a value that is no usable number (not a number, infinite, or beyond 1e18).", _CLEAN_EN),
        "zh-hans": ("“{name}”含有不可用的数值（非数、无穷大或超过 1e18）。", _CLEAN_ZH),
    },
    "mesh.polygon-size": {
        "en": ("A polygon has {corners} corners; from 1 to {limit} are taken.", "Triangulate the mesh before exporting it."),
        "zh-hans": ("有一个多边形有 {corners} 个角；允许 1 到 {limit} 个。", "请在导出前将网格三角化。"),
    },
    "mesh.too-many-triangles": {
        "en": ("The object has more than {limit} triangles.", _REDUCE_EN),
        "zh-hans": ("对象的三角形超过 {limit} 个。", _REDUCE_ZH),
    },
    "mesh.too-many-vertices": {
        "en": ("The object has more than {limit} vertices.", _REDUCE_EN),
        "zh-hans": ("对象的顶点超过 {limit} 个。", _REDUCE_ZH),
    },
    "mesh.small-polygons": {
        "en": ("{count} faces have fewer than three corners and are left out.", _CLEAN_EN),
        "zh-hans": ("有 {count} 个面少于三个角，未采用。", _CLEAN_ZH),
    },
    "mesh.attribute-not-finite": {
        "en": ("{count} values of “{name}” are no usable numbers; the shape does not depend on them.", _CLEAN_EN),
        "zh-hans": ("“{name}”有 {count} 个不可用的数值；形状不受影响。", _CLEAN_ZH),
    },
    "ply.header": {"en": ("The PLY’s header is wrong: {problem}.", _EXPORT_EN), "zh-hans": ("PLY 文件头有误：{problem}。", _EXPORT_ZH)},
    "ply.header-too-long": {
        "en": ("The PLY’s header is longer than {limit} bytes.", "Shorten its comments."),
        "zh-hans": ("PLY 文件头超过 {limit} 字节。", "请缩短注释。"),
    },
    "ply.count": {
        "en": ("The number of “{element}” is not a plain whole number: {count}.", _EXPORT_EN),
        "zh-hans": ("“{element}”的数量不是普通整数：{count}。", _EXPORT_ZH),
    },
    "ply.count-too-large": {
        "en": ("The header promises {count} of “{element}”; at most {limit} are taken.", _REDUCE_EN),
        "zh-hans": ("文件头声明“{element}”有 {count} 个；上限为 {limit}。", _REDUCE_ZH),
    },
    "ply.shorter-than-header": {
        "en": ("The file has {bytes} bytes after its header, but needs {needed} at least.", _COPY_EN),
        "zh-hans": ("文件头之后只有 {bytes} 字节，至少需要 {needed}。", _COPY_ZH),
    },
    "ply.truncated": {
        "en": ("The file ends within “{element}”: {complete} of {expected} are whole.", _COPY_EN),
        "zh-hans": ("文件在“{element}”中间结束：{expected} 个中只有 {complete} 个完整。", _COPY_ZH),
    },
    "ply.row": {
        "en": ("Row {row} of “{element}” cannot be read: “{text}”.", _EXPORT_EN),
        "zh-hans": ("“{element}”的第 {row} 行无法读取：“{text}”。", _EXPORT_ZH),
    },
    "obj.statement": {
        "en": ("A statement of the OBJ cannot be read: “{text}”.", _EXPORT_EN),
        "zh-hans": ("OBJ 中有一条语句无法读取：“{text}”。", _EXPORT_ZH),
    },
    "obj.index-out-of-range": {
        "en": ("A face names {name} {index}, but there are {known}.", _EXPORT_EN),
        "zh-hans": ("有一个面引用了 {name} {index}，但只有 {known} 个。", _EXPORT_ZH),
    },
    "obj.too-many-libraries": {
        "en": ("The OBJ names more than {limit} material libraries.", "Join the libraries into one MTL file."),
        "zh-hans": ("OBJ 引用的材质库超过 {limit} 个。", "请将材质库合并为一个 MTL 文件。"),
    },
    "obj.unknown-materials": {
        "en": ("No library defines these materials: {names}.", "Give the MTL together with the OBJ."),
        "zh-hans": ("没有材质库定义这些材质：{names}。", "请将 MTL 与 OBJ 一起提交。"),
    },
    "obj.statements-left-out": {
        "en": ("Points, lines, curves and the like are left out: {names}.", "Convert them to polygons if they matter."),
        "zh-hans": ("点、线、曲线等未采用：{names}。", "如有需要，请转换为多边形。"),
    },
    "mtl.statement": {
        "en": ("The material library names a picture without a name.", _EXPORT_EN),
        "zh-hans": ("材质库引用图片时没有给出文件名。", _EXPORT_ZH),
    },
    "stl.truncated": {
        "en": ("The STL ends too early: {complete} of {expected} triangles are whole.", _COPY_EN),
        "zh-hans": ("STL 过早结束：{expected} 个三角形中只有 {complete} 个完整。", _COPY_ZH),
    },
    "stl.too-long": {
        "en": ("The STL states {count} triangles, but {bytes} bytes follow after them.", _EXPORT_EN),
        "zh-hans": ("STL 声明有 {count} 个三角形，其后却还有 {bytes} 字节。", _EXPORT_ZH),
    },
    "stl.statement": {
        "en": ("A line of the STL cannot be read: “{text}”.", _EXPORT_EN),
        "zh-hans": ("STL 中有一行无法读取：“{text}”。", _EXPORT_ZH),
    },
    "gltf.json": {"en": ("The glTF’s JSON is wrong: {problem}.", _EXPORT_EN), "zh-hans": ("glTF 的 JSON 有误：{problem}。", _EXPORT_ZH)},
    "gltf.json-too-large": {
        "en": ("A part of the glTF has {bytes} bytes; at most {limit} are taken.", "Keep geometry and pictures in files of their own."),
        "zh-hans": ("glTF 的一部分有 {bytes} 字节；上限为 {limit}。", "请将几何数据和图片存为独立文件。"),
    },
    "gltf.depth": {
        "en": ("The glTF’s JSON is nested deeper than {limit} levels.", _EXPORT_EN),
        "zh-hans": ("glTF 的 JSON 嵌套超过 {limit} 层。", _EXPORT_ZH),
    },
    "gltf.version": {
        "en": ("This is not glTF 2.0, but version {version}.", "Export it as glTF 2.0."),
        "zh-hans": ("这不是 glTF 2.0，而是版本 {version}。", "请导出为 glTF 2.0。"),
    },
    "gltf.extension": {
        "en": ("The glTF requires the extension {extension}, which is not read here.", "Export it without that extension."),
        "zh-hans": ("该 glTF 需要扩展 {extension}，暂不支持。", "请不使用该扩展导出。"),
    },
    "gltf.compressed-count": {
        "en": ("A compressed part of the glTF holds {got}, where the glTF says {expected}.", _EXPORT_EN),
        "zh-hans": ("glTF 的压缩数据含 {got}，而 glTF 声明为 {expected}。", _EXPORT_ZH),
    },
    "gltf.compressed-broken": {
        "en": ("What the glTF compresses with {extension} cannot be unpacked: {problem}.", _EXPORT_EN),
        "zh-hans": ("该 glTF 以 {extension} 压缩的数据无法解压：{problem}。", _EXPORT_ZH),
    },
    "gltf.structure": {
        "en": ("The glTF breaks its own rules: {problem}.", _EXPORT_EN),
        "zh-hans": ("该 glTF 不符合规范：{problem}。", _EXPORT_ZH),
    },
    "gltf.index": {
        "en": ("The glTF names entry {index} of a list of {count}.", _EXPORT_EN),
        "zh-hans": ("glTF 引用了第 {index} 项，但列表只有 {count} 项。", _EXPORT_ZH),
    },
    "gltf.too-many": {
        "en": ("The glTF asks for {count} entries; at most {limit} are taken.", _REDUCE_EN),
        "zh-hans": ("glTF 要求 {count} 项；上限为 {limit}。", _REDUCE_ZH),
    },
    "gltf.uri": {
        "en": ("The glTF names an address instead of a file beside it: {uri}", "Put the file beside the glTF and name it relative to it."),
        "zh-hans": ("glTF 引用的是地址而不是同一文件夹中的文件：{uri}", "请将文件与 glTF 放在一起，并使用相对路径。"),
    },
    "gltf.buffer-short": {
        "en": ("A buffer has {bytes} bytes, but the glTF says {needed}.", _COPY_EN),
        "zh-hans": ("缓冲区只有 {bytes} 字节，glTF 声明为 {needed}。", _COPY_ZH),
    },
    "gltf.out-of-bounds": {
        "en": ("The glTF reads up to byte {end} of something that has {size}.", _EXPORT_EN),
        "zh-hans": ("glTF 读取到第 {end} 字节，而数据只有 {size} 字节。", _EXPORT_ZH),
    },
    "gltf.implicit": {
        "en": ("The glTF asks for {bytes} bytes that stand in no file; at most {limit} are taken.", _EXPORT_EN),
        "zh-hans": ("glTF 要求 {bytes} 字节文件中不存在的数据；上限为 {limit}。", _EXPORT_ZH),
    },
    "gltf.not-a-forest": {
        "en": ("The glTF’s nodes form a cycle, or one has two parents.", _EXPORT_EN),
        "zh-hans": ("glTF 的节点构成环，或某节点有两个父节点。", _EXPORT_ZH),
    },
    "gltf.not-carried": {
        "en": ("The glTF holds {name}, which are not carried into the derivatives.", "Check whether the object is complete without them."),
        "zh-hans": ("glTF 含有 {name}，衍生文件中不予保留。", "请确认缺少它们时对象仍然完整。"),
    },
    "glb.length": {
        "en": ("The GLB says it has {stated} bytes, but it has {bytes}.", _COPY_EN),
        "zh-hans": ("GLB 声明有 {stated} 字节，实际为 {bytes}。", _COPY_ZH),
    },
    "glb.chunk": {
        "en": ("A chunk of the GLB says it has {stated} bytes, but {left} are left.", _COPY_EN),
        "zh-hans": ("GLB 的一个数据块声明有 {stated} 字节，实际只剩 {left}。", _COPY_ZH),
    },
    "glb.chunk-kind": {
        "en": ("A chunk of the GLB is of kind {kind} where {wanted} must stand.", _EXPORT_EN),
        "zh-hans": ("GLB 的一个数据块类型为 {kind}，应为 {wanted}。", _EXPORT_ZH),
    },
    "wav.broken": {
        "en": ("The WAV is broken: {problem}.", "Export it again as PCM WAV."),
        "zh-hans": ("WAV 已损坏：{problem}。", "请重新导出为 PCM WAV。"),
    },
    "wav.truncated": {
        "en": ("The WAV has {bytes} bytes, but its parts need {needed}.", _COPY_EN),
        "zh-hans": ("WAV 只有 {bytes} 字节，其内容需要 {needed}。", _COPY_ZH),
    },
    "wav.not-pcm": {
        "en": ("The WAV holds sound of kind {tag}, not plain PCM.", "Export it as PCM with 16 or 24 bits."),
        "zh-hans": ("WAV 中的声音类型为 {tag}，不是普通 PCM。", "请导出为 16 或 24 位 PCM。"),
    },
    "wav.too-long": {
        "en": ("The recording lasts {seconds} seconds; at most {limit} are taken.", "Split the recording."),
        "zh-hans": ("录音长 {seconds} 秒；上限为 {limit} 秒。", "请拆分录音。"),
    },
}

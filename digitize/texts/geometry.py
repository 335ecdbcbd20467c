# SPDX-License-Identifier: Apache-2.0
"""Texts of the steps: what is refused, doubted or lost after loading."""

from __future__ import annotations

_KEEP_EN, _KEEP_ZH = "Report this with the file: nothing was stored.", "请连同文件反馈此问题：未存储任何内容。"
_LEFT_EN = "Keep the original for it; the derivatives do without."
_LEFT_ZH = "该内容保留在原始文件中；衍生文件不含此项。"

GEOMETRY: dict[str, dict[str, tuple[str, str]]] = {
    "mesh.unreadable": {
        "en": ("{name} cannot be read as a triangle mesh.", "Open it in the program that made it and export it again."),
        "zh-hans": ("无法将 {name} 读取为三角网格。", "请用制作它的软件打开并重新导出。"),
    },
    "mesh.count-mismatch": {
        "en": ("The file announces {expected} {name}, but {read} were read.", "Export the file again; it may be cut short or damaged."),
        "zh-hans": ("文件声明的 {name} 为 {expected}，实际读取到 {read}。", "请重新导出文件；它可能被截断或已损坏。"),
    },
    "mesh.no-area": {
        "en": ("The mesh has no surface: every triangle is empty.", "Check the export: coordinates may have been rounded away."),
        "zh-hans": ("网格没有表面：所有三角形面积为零。", "请检查导出设置：坐标可能被舍入。"),
    },
    "mesh.too-thin": {
        "en": ("No triangle of the mesh is wider than a {steps}th of its length.", "Check the export: one axis may have another unit."),
        "zh-hans": ("网格中没有任何三角形宽于其长度的 {steps} 分之一。", "请检查导出设置：某一轴的单位可能不同。"),
    },
    "mesh.degenerate-dropped": {
        "en": ("{count} triangles without area were left out.", "They carry no surface; the original keeps them."),
        "zh-hans": ("已略去 {count} 个面积为零的三角形。", "它们不构成表面；原始文件中仍然保留。"),
    },
    "mesh.inside-out": {
        "en": ("The surface faces inwards: its enclosed volume is negative.", "Flip the faces' orientation and upload it again."),
        "zh-hans": ("表面朝向内侧：所围体积为负。", "请翻转面的朝向后重新上传。"),
    },
    "texture.not-found": {
        "en": ("The texture {name} is not there.", "Upload it together with the mesh, in one folder or zip."),
        "zh-hans": ("找不到纹理 {name}。", "请将其与网格放在同一文件夹或压缩包中上传。"),
    },
    "texture.undecodable": {
        "en": ("The texture {name} cannot be decoded.", "Save it again as PNG or JPEG."),
        "zh-hans": ("无法解码纹理 {name}。", "请将其另存为 PNG 或 JPEG。"),
    },
    "unit.undeclared": {
        "en": (
            "Nothing declares the unit of length; the diagonal would be {mm} m in mm, {cm} m in cm, {m} m in m.",
            "State the unit when you upload.",
        ),
        "zh-hans": ("未声明长度单位；对角线若以毫米计为 {mm} 米，以厘米计为 {cm} 米，以米计为 {m} 米。", "请在上传时注明单位。"),
    },
    "obj.texture-supposed": {
        "en": ("No material names a texture; {name} lies beside {mesh} and was taken for it.", "Add a MTL file to be certain."),
        "zh-hans": ("没有材质指明纹理；已采用与 {mesh} 同目录的 {name}。", "请附上 MTL 文件以确认。"),
    },
    "obj.library-missing": {
        "en": ("The material library {name} is not there; plain materials were used.", "Upload it together with the mesh."),
        "zh-hans": ("找不到材质库 {name}；已使用素色材质。", "请与网格一并上传。"),
    },
    "obj.material-unknown": {
        "en": ("No library defines the materials {names}.", "Upload the library that does."),
        "zh-hans": ("没有材质库定义以下材质：{names}。", "请上传相应的材质库。"),
    },
    "obj.map-left-out": {
        "en": ("The map {map} of the material {material} has no place in glTF and was left out.", _LEFT_EN),
        "zh-hans": ("材质 {material} 的贴图 {map} 在 glTF 中没有对应项，已略去。", _LEFT_ZH),
    },
    "obj.kd-left-out": {
        "en": ("The material {material} has a texture and a colour; the texture is shown unchanged.", _LEFT_EN),
        "zh-hans": ("材质 {material} 同时有纹理与颜色；按纹理原色显示。", _LEFT_ZH),
    },
    "obj.uv-partly-missing": {
        "en": ("Some faces have texture coordinates and others have none.", "The latter show the texture's corner; check the export."),
        "zh-hans": ("部分面没有纹理坐标。", "这些面将显示纹理的一角；请检查导出。"),
    },
    "obj.lines-left-out": {
        "en": ("{count} lines, points or curves were left out; only faces are kept.", _LEFT_EN),
        "zh-hans": ("已略去 {count} 个线、点或曲线；仅保留面。", _LEFT_ZH),
    },
    "ply.lines-left-out": {
        "en": ("{count} faces with fewer than three corners were left out.", _LEFT_EN),
        "zh-hans": ("已略去 {count} 个少于三个角的面。", _LEFT_ZH),
    },
    "ply.elements-left-out": {
        "en": ("The elements {names} were left out; only vertices and faces are kept.", _LEFT_EN),
        "zh-hans": ("已略去元素 {names}；仅保留顶点与面。", _LEFT_ZH),
    },
    "ply.face-colours-left-out": {
        "en": ("Colours by face were left out; only colours by vertex are kept.", "Transfer them to the vertices and upload again."),
        "zh-hans": ("已略去按面着色；仅保留按顶点着色。", "请将颜色转移到顶点后重新上传。"),
    },
    "gltf.left-out": {
        "en": ("What glTF calls {names} was left out.", _LEFT_EN),
        "zh-hans": ("已略去 glTF 中的 {names}。", _LEFT_ZH),
    },
    "levels.target-missed": {
        "en": (
            "{role} has {got} triangles instead of {asked}: its seams, borders or separate parts leave no more to take.",
            "Unwrap the texture into fewer, larger pieces, or leave small parts out, to go lower.",
        ),
        "zh-hans": (
            "{role} 为 {got} 个三角形，未达到 {asked}：接缝、边界或分离的部件限制了进一步简化。",
            "请将纹理展开为更少、更大的块，或去掉小部件。",
        ),
    },
    "levels.fewer-than-asked": {
        "en": ("{role} has the original’s {got} triangles: there are not the {asked} that were asked for.", "Ask for fewer."),
        "zh-hans": ("{role} 即原件的 {got} 个三角形：原件没有所要求的 {asked} 个。", "请减少所要求的数量。"),
    },
    "levels.error-missed": {
        "en": (
            "{role} lies {got}e-4 of the diagonal from the original instead of {asked}e-4: it may not have more than {triangles} triangles.",
            "Allow it more triangles in the recipe, or a larger error.",
        ),
        "zh-hans": (
            "{role} 与原件的偏差为对角线的 {got}e-4，未达到 {asked}e-4：其三角形数不得超过 {triangles}。",
            "请在配方中允许更多三角形，或放宽误差。",
        ),
    },
    "meshopt.missing": {
        "en": ("The simplifier {name} is not installed.", "Run `python3 manage.py demo` or `npm ci` once: it fetches npm's meshoptimizer."),
        "zh-hans": ("未安装简化器 {name}。", "请运行一次 `python3 manage.py demo` 或 `npm ci`：它会获取 meshoptimizer。"),
    },
    "meshopt.memory": {
        "en": ("The simplifier needs more than {limit} bytes.", "Split the mesh, or reduce it before you upload it."),
        "zh-hans": ("简化器所需内存超过 {limit} 字节。", "请拆分网格，或在上传前先行简化。"),
    },
    "meshopt.trap": {"en": ("The simplifier stopped: {reason}.", _KEEP_EN), "zh-hans": ("简化器中止：{reason}。", _KEEP_ZH)},
    "draco.lost": {
        "en": ("Draco returned {got} of {given} triangles (missing: {missing}).", _KEEP_EN),
        "zh-hans": ("Draco 仅返回 {given} 个三角形中的 {got} 个（缺少：{missing}）。", _KEEP_ZH),
    },
    "measure.lost": {
        "en": ("The file of {role} holds {got} triangles instead of {given}.", _KEEP_EN),
        "zh-hans": ("{role} 的文件含 {got} 个三角形，应为 {given} 个。", _KEEP_ZH),
    },
    "usdz.unavailable": {
        "en": (
            "This machine has no usd-core: there is no USDZ for iPhones.",
            "Digitize it again where Python's usd-core can be installed.",
        ),
        "zh-hans": ("本机没有 usd-core：未生成供 iPhone 使用的 USDZ。", "请在可安装 usd-core 的机器上重新数字化。"),
    },
    "ktx2.no-encoder": {
        "en": (
            "There are no KTX2 textures: this machine has no basisu, Basis Universal's program.",
            "Start `python3 manage.py demo` where it is brought (Linux and macOS), or name the program by QILU_BASISU; then digitize it again.",
        ),
        "zh-hans": (
            "未生成 KTX2 纹理：本机没有 Basis Universal 的程序 basisu。",
            "请在会自动获取它的系统（Linux、macOS）上运行 `python3 manage.py demo`，或用 QILU_BASISU 指明该程序，然后重新数字化。",
        ),
    },
    "ktx2.beyond-bound": {
        "en": (
            "{role} has no KTX2 twin: the nearest that its textures came is {decibels} dB, less than the recipe asks.",
            "Use its other files, or allow a larger error (`decibels`) in a recipe of your own.",
        ),
        "zh-hans": (
            "{role} 没有 KTX2 版本：其纹理最接近时为 {decibels} dB，低于配方要求。",
            "请使用其他文件，或在自己的配方中放宽误差（`decibels`）。",
        ),
    },
    "ktx2.encoder": {"en": ("The encoder of KTX2 failed: {reason}.", _KEEP_EN), "zh-hans": ("KTX2 编码器失败：{reason}。", _KEEP_ZH)},
    "ktx2.missing": {
        "en": ("The transcoder of KTX2 ({name}) is not installed.", "Run `python3 manage.py demo` once: it fetches npm's three."),
        "zh-hans": ("未安装 KTX2 转码器（{name}）。", "请运行一次 `python3 manage.py demo`：它会获取 npm 的 three。"),
    },
    "ktx2.broken": {
        "en": ("A KTX2 texture cannot be decoded: {reason}.", "Export the object again with PNG or JPEG textures."),
        "zh-hans": ("KTX2 纹理无法解码：{reason}。", "请改用 PNG 或 JPEG 纹理重新导出。"),
    },
    "sound.unreadable": {
        "en": ("{name} cannot be read as PCM sound.", "Export it as WAV with 8 to 32 bits per sample."),
        "zh-hans": ("无法将 {name} 读取为 PCM 声音。", "请导出为每样本 8 至 32 位的 WAV。"),
    },
    "sound.reduced": {
        "en": ("The access copy has {rate} Hz, {channels} channels and 16 bits; the original has more.", "The original is kept."),
        "zh-hans": ("访问副本为 {rate} Hz、{channels} 声道、16 位；原件更高。", "原件完整保留。"),
    },
}

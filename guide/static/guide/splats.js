// SPDX-License-Identifier: Apache-2.0
// Gaussian splats in a page: <canvas data-splats="URL" data-up="-y" tabindex="0" role="img" aria-label="…"></canvas>.
//
// The file holds 32-byte records, the weightiest first: place and size as three floats each, RGBA, quaternion w x y z as bytes.
// Drag, pinch, wheel (when focused), arrows, + and - move the camera; Home brings it back. The canvas tells its state in
// data-state and by the events splats:ready and splats:failed. Source: Kerbl et al. 2023; Zwicker et al. 2001 (footprint).

const RECORD = 32;
const ROW = 1024; // splats in a row of the texture
const SPREAD = 1e4; // keeps covariances within the range of half floats
const FIELD = (36 * Math.PI) / 180;
const CORE = 0.02; // what lies outside this share on each side does not count for framing
const START = { turn: 0.56, lift: 0.24, reach: 2.1 };
const LIFT = 1.5;
const UPRIGHT = {
  y: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  "-y": [1, 0, 0, 0, -1, 0, 0, 0, -1],
  z: [1, 0, 0, 0, 0, 1, 0, -1, 0],
  "-z": [1, 0, 0, 0, 0, -1, 0, 1, 0],
  x: [0, -1, 0, 1, 0, 0, 0, 0, 1],
  "-x": [0, 1, 0, -1, 0, 0, 0, 0, 1],
};

const VERTEX = `#version 300 es
precision highp float; precision highp int; precision highp usampler2D;
uniform usampler2D splats; uniform mat4 view; uniform vec2 size; uniform float focal;
in uint number; out vec4 colour; out vec2 place;
void main() {
  ivec2 at = ivec2(int(number % ${ROW}u) * 2, int(number / ${ROW}u));
  uvec4 head = texelFetch(splats, at, 0), tail = texelFetch(splats, at + ivec2(1, 0), 0);
  vec3 p = (view * vec4(uintBitsToFloat(head.xyz), 1.0)).xyz;
  float depth = -p.z;
  gl_Position = vec4(0.0, 0.0, 2.0, 1.0);
  if (depth < 0.05) return;
  vec2 a = unpackHalf2x16(tail.x), b = unpackHalf2x16(tail.y), c = unpackHalf2x16(tail.z);
  mat3 shape = mat3(a.x, a.y, b.x, a.y, b.y, c.x, b.x, c.x, c.y);
  float f = focal / depth;
  mat3 flatten = mat3(f, 0.0, 0.0, 0.0, f, 0.0, f * p.x / depth, f * p.y / depth, 0.0) * mat3(view);
  mat3 print = flatten * shape * transpose(flatten) / ${SPREAD.toFixed(1)};
  float xx = print[0][0] + 0.3, xy = print[0][1], yy = print[1][1] + 0.3;
  float middle = 0.5 * (xx + yy), half_ = length(vec2(0.5 * (xx - yy), xy));
  vec2 along = abs(xy) < 1e-6 ? (xx >= yy ? vec2(1.0, 0.0) : vec2(0.0, 1.0)) : normalize(vec2(xy, middle + half_ - xx));
  vec2 across = vec2(along.y, -along.x);
  place = vec2(float(gl_VertexID & 1) * 4.0 - 2.0, float(gl_VertexID >> 1) * 4.0 - 2.0);
  vec2 reach = min(sqrt(2.0 * vec2(middle + half_, max(middle - half_, 0.1))), vec2(1024.0));
  vec2 centre = focal * p.xy / depth;
  gl_Position = vec4((centre + place.x * reach.x * along + place.y * reach.y * across) * 2.0 / size, 0.0, 1.0);
  colour = vec4(float(head.w & 255u), float(head.w >> 8 & 255u), float(head.w >> 16 & 255u), float(head.w >> 24)) / 255.0;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 colour; in vec2 place; out vec4 shown;
void main() {
  float power = dot(place, place);
  if (power > 4.0) discard;
  float alpha = min(colour.a * exp(-power), 0.99);
  if (alpha < 1.0 / 255.0) discard;
  shown = vec4(colour.rgb * alpha, alpha);
}`;

function program(gl) {
  const made = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made) || "shader");
  return made;
}

const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);

function half(value) {
  floats[0] = Math.min(Math.max(value, -65504), 65504);
  const bits = words[0];
  const sign = (bits >> 16) & 0x8000;
  const exponent = ((bits >> 23) & 255) - 112;
  if (exponent <= 0) return exponent < -10 ? sign : sign | (((bits & 0x7fffff) | 0x800000) >> (14 - exponent));
  return sign | (exponent << 10) | ((bits >> 13) & 0x3ff);
}

/** Give the middle of the bulk of the splats and its largest extent. */
function core(view, count) {
  const step = Math.max(1, Math.floor(count / 20000));
  const middle = [];
  let extent = 0;
  for (let axis = 0; axis < 3; axis++) {
    const values = [];
    for (let i = 0; i < count; i += step) values.push(view.getFloat32(i * RECORD + axis * 4, true));
    values.sort((one, two) => one - two);
    const low = values[Math.floor(CORE * (values.length - 1))];
    const high = values[Math.ceil((1 - CORE) * (values.length - 1))];
    middle.push((low + high) / 2);
    extent = Math.max(extent, high - low);
  }
  return { middle, extent: extent || 1 };
}

/** Turn records into what the shader reads: places about the middle, and the covariances' six numbers. */
function packed(buffer, count, up, frame) {
  const view = new DataView(buffer);
  const rows = Math.ceil(count / ROW);
  const texture = new Uint32Array(rows * ROW * 8);
  const singles = new Float32Array(texture.buffer);
  const places = new Float32Array(count * 3);
  const m = new Float64Array(9);
  for (let i = 0; i < count; i++) {
    const from = i * RECORD;
    const at = i * 8;
    const offset = [0, 1, 2].map((axis) => (view.getFloat32(from + axis * 4, true) - frame.middle[axis]) / frame.extent);
    for (let row = 0; row < 3; row++) {
      const value = up[row * 3] * offset[0] + up[row * 3 + 1] * offset[1] + up[row * 3 + 2] * offset[2];
      singles[at + row] = places[i * 3 + row] = value;
    }
    texture[at + 3] = view.getUint32(from + 24, true);
    const raw = [28, 29, 30, 31].map((byte) => view.getUint8(from + byte) - 128);
    const length = Math.hypot(...raw) || 1;
    const [w, x, y, z] = raw.map((part) => part / length);
    const turn = [
      1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
      2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
      2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
    ];
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 3; column++) {
        const scale = view.getFloat32(from + 12 + column * 4, true) / frame.extent;
        m[row * 3 + column] = scale * (up[row * 3] * turn[column] + up[row * 3 + 1] * turn[3 + column] + up[row * 3 + 2] * turn[6 + column]);
      }
    }
    const product = (a, b) => half(SPREAD * (m[a * 3] * m[b * 3] + m[a * 3 + 1] * m[b * 3 + 1] + m[a * 3 + 2] * m[b * 3 + 2]));
    texture[at + 4] = product(0, 0) | (product(0, 1) << 16);
    texture[at + 5] = product(0, 2) | (product(1, 1) << 16);
    texture[at + 6] = product(1, 2) | (product(2, 2) << 16);
  }
  return { texture, rows, places };
}

/** Sort splats from far to near along a direction, by 16 bits of their depth. */
function sorted(places, count, direction, order) {
  const depth = new Float32Array(count);
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = places[i * 3] * direction[0] + places[i * 3 + 1] * direction[1] + places[i * 3 + 2] * direction[2];
    depth[i] = value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = 65535 / (high - low || 1);
  const starts = new Uint32Array(65537);
  const keys = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    keys[i] = (depth[i] - low) * scale;
    starts[keys[i] + 1]++;
  }
  for (let i = 0; i < 65536; i++) starts[i + 1] += starts[i];
  for (let i = 0; i < count; i++) order[starts[keys[i]]++] = i;
}

class Viewer {
  constructor(canvas) {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: true, premultipliedAlpha: true });
    if (!gl) throw new Error("webgl2");
    this.canvas = canvas;
    this.gl = gl;
    this.made = program(gl);
    this.camera = { ...START };
    this.speed = { turn: 0, lift: 0 };
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.count = 0;
    this.pending = false;
    this.setUp();
    this.listen();
  }

  setUp() {
    const { gl, made } = this;
    gl.useProgram(made);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindVertexArray(gl.createVertexArray());
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    const number = gl.getAttribLocation(made, "number");
    gl.enableVertexAttribArray(number);
    gl.vertexAttribIPointer(number, 1, gl.UNSIGNED_INT, 0, 0);
    gl.vertexAttribDivisor(number, 1);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
    this.place = Object.fromEntries(["view", "size", "focal"].map((name) => [name, gl.getUniformLocation(made, name)]));
  }

  take(buffer) {
    const { gl } = this;
    const most = Math.min(gl.getParameter(gl.MAX_TEXTURE_SIZE), 8192) * ROW;
    const count = Math.min(Math.floor(buffer.byteLength / RECORD), most);
    if (!count) return;
    this.frame ??= core(new DataView(buffer), count);
    const { texture, rows, places } = packed(buffer, count, UPRIGHT[this.canvas.dataset.up] ?? UPRIGHT["-y"], this.frame);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32UI, ROW * 2, rows, 0, gl.RGBA_INTEGER, gl.UNSIGNED_INT, texture);
    Object.assign(this, { count, places, order: new Uint32Array(count), looked: null });
    this.ask();
  }

  ask() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.draw();
    });
  }

  /** Give the direction from the camera to the middle, and the axes across it. */
  axes() {
    const { turn, lift } = this.camera;
    const back = [Math.sin(turn) * Math.cos(lift), Math.sin(lift), Math.cos(turn) * Math.cos(lift)];
    const right = [Math.cos(turn), 0, -Math.sin(turn)];
    const up = [back[1] * right[2], back[2] * right[0] - back[0] * right[2], -back[1] * right[0]];
    return { back, right, up };
  }

  draw() {
    const { gl, canvas, place, count } = this;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const width = Math.max(Math.round(canvas.clientWidth * ratio), 1);
    const height = Math.max(Math.round(canvas.clientHeight * ratio), 1);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const { back, right, up } = this.axes();
    if (count && (!this.looked || this.looked.some((value, i) => Math.abs(value - back[i]) > 0.01))) {
      sorted(this.places, count, back, this.order);
      gl.bufferData(gl.ARRAY_BUFFER, this.order, gl.DYNAMIC_DRAW);
      this.looked = back;
    }
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const rows = [right, up, back];
    gl.uniformMatrix4fv(place.view, false, [...[0, 1, 2].flatMap((i) => [...rows.map((row) => row[i]), 0]), 0, 0, -this.camera.reach, 1]);
    gl.uniform2f(place.size, width, height);
    gl.uniform1f(place.focal, Math.min(width, height) / 2 / Math.tan(FIELD / 2));
    if (count) gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
    this.glide();
  }

  /** Let a thrown turn run out, unless motion is unwelcome. */
  glide() {
    const { speed } = this;
    if (this.held || this.calm.matches || Math.hypot(speed.turn, speed.lift) < 1e-3) return;
    this.turn(speed.turn, speed.lift);
    speed.turn *= 0.92;
    speed.lift *= 0.92;
  }

  turn(turn, lift) {
    this.camera.turn += turn;
    this.camera.lift = Math.min(Math.max(this.camera.lift + lift, -LIFT), LIFT);
    this.ask();
  }

  nearer(factor) {
    this.camera.reach = Math.min(Math.max(this.camera.reach * factor, 0.3), 12);
    this.ask();
  }

  listen() {
    const { canvas } = this;
    const held = new Map();
    const apart = () => {
      const [one, two] = [...held.values()];
      return Math.hypot(one.x - two.x, one.y - two.y);
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      held.set(event.pointerId, { x: event.clientX, y: event.clientY });
      this.held = true;
      Object.assign(this.speed, { turn: 0, lift: 0 });
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = held.get(event.pointerId);
      if (!before) return;
      const gap = held.size === 2 ? apart() : 0;
      const turn = (before.x - event.clientX) / 180;
      const lift = (event.clientY - before.y) / 180;
      Object.assign(before, { x: event.clientX, y: event.clientY });
      if (gap) return this.nearer(gap / (apart() || 1));
      Object.assign(this.speed, { turn, lift });
      this.turn(turn, lift);
    });
    const leave = (event) => {
      held.delete(event.pointerId);
      this.held = held.size > 0;
      this.ask();
    };
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, leave);
    canvas.addEventListener("touchmove", (event) => event.preventDefault(), { passive: false });
    canvas.addEventListener("wheel", (event) => {
      if (document.activeElement !== canvas) return; // the page scrolls until the picture is chosen
      event.preventDefault();
      this.nearer(Math.exp(event.deltaY / 800));
    }, { passive: false });
    const keys = {
      ArrowLeft: () => this.turn(-0.1, 0),
      ArrowRight: () => this.turn(0.1, 0),
      ArrowUp: () => this.turn(0, 0.1),
      ArrowDown: () => this.turn(0, -0.1),
      "+": () => this.nearer(0.9),
      "-": () => this.nearer(1.1),
      Home: () => {
        Object.assign(this.camera, START);
        this.ask();
      },
    };
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    new ResizeObserver(() => this.ask()).observe(canvas);
  }
}

/** Fetch a file and show it as it comes: once a quarter is there, and whole. */
async function fetched(viewer, url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(String(answer.status));
  const total = Number(answer.headers.get("content-length"));
  const parts = [];
  let length = 0;
  let early = total > 8e6;
  for (let reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    if (early && length > total / 4) {
      early = false;
      viewer.take(await new Blob(parts).arrayBuffer());
    }
  }
  if (!length || length % RECORD || (total && !answer.headers.get("content-encoding") && length !== total)) throw new Error("length");
  viewer.take(await new Blob(parts).arrayBuffer());
}

export async function show(canvas) {
  canvas.dataset.state = "loading";
  try {
    await fetched(new Viewer(canvas), canvas.dataset.splats);
    canvas.dataset.state = "ready";
  } catch (error) {
    canvas.dataset.state = "failed";
    console.warn("splats:", error.message);
  }
  canvas.dispatchEvent(new CustomEvent(`splats:${canvas.dataset.state}`, { bubbles: true }));
}

for (const canvas of document.querySelectorAll("canvas[data-splats]")) show(canvas);

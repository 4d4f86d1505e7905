// What every pass has: the pixels it reads, the numbers it needs, the pixels it writes. The composer
// (src/backends/webgpu/compose.ts) puts the constants in capitals before this file and the levels behind it.
//
// A value is always four lanes: the channels of one pixel, or four pixels side by side of an image with one
// channel. `xs` and `ys` are the places of the lanes; with four channels only the first of each counts.
// In memory a unit is four lanes: of u8 in one word, of i16 in two, of i32 in four; rows begin at a new unit.

@group(0) @binding(0) var<storage, read> src: array<u32>;
@group(0) @binding(1) var<storage, read> joined: array<u32>;
@group(0) @binding(2) var<storage, read> data: array<i32>;

// FRAME_FIELDS in src/backends/webgpu/frame.ts, which stand at the beginning of `data` as well. A test holds the two equal.
struct Frame {
  width: i32,
  first_row: i32,
  rows: i32,
  dst_first: i32,
  dst_units: i32,
  src_width: i32,
  src_height: i32,
  src_first: i32,
  src_units: i32,
  joined_first: i32,
  joined_units: i32,
  op_width: i32,
  op_height: i32,
  fill: i32,
  fill_green: i32,
  fill_blue: i32,
  fill_alpha: i32,
  row_offset: i32,
  row_starts: i32,
  reach_left: i32,
  reach_right: i32,
  reach_up: i32,
  reach_down: i32,
}

@group(0) @binding(4) var<uniform> frame: Frame;

// How many channels the value at hand has. The levels set it before they call a filter's function.
var<private> channels: i32;

// Colour from one value, alpha from the other.
fn keep_alpha(colour: vec4i, alpha: vec4i) -> vec4i {
  return select(colour, vec4i(colour.xyz, alpha.w), channels == 4);
}

fn unpack_u8(word: u32) -> vec4i {
  return vec4i((vec4u(word) >> vec4u(0, 8, 16, 24)) & vec4u(255));
}

fn pack_u8(v: vec4i) -> u32 {
  let u = vec4u(v) << vec4u(0, 8, 16, 24);
  return u.x | u.y | u.z | u.w;
}

fn unpack_i16(low: u32, high: u32) -> vec4i {
  return (vec4i(i32(low), i32(low), i32(high), i32(high)) << vec4u(16, 0, 16, 0)) >> vec4u(16);
}

fn pack_i16(v: vec4i) -> vec2u {
  let u = vec4u(v) & vec4u(0xffff);
  return vec2u(u.x | (u.y << 16), u.z | (u.w << 16));
}

fn src_unit(unit: i32) -> vec4i {
  switch (SRC_BYTES) {
    case 1: {
      return unpack_u8(src[unit]);
    }
    case 2: {
      return unpack_i16(src[2 * unit], src[2 * unit + 1]);
    }
    default: {
      return vec4i(vec4u(src[4 * unit], src[4 * unit + 1], src[4 * unit + 2], src[4 * unit + 3]));
    }
  }
}

fn src_words(at: vec4i) -> vec4u {
  return vec4u(src[at.x], src[at.y], src[at.z], src[at.w]);
}

// Four pixels of one channel, wherever they are.
fn src_lanes(element: vec4i) -> vec4i {
  switch (SRC_BYTES) {
    case 1: {
      return vec4i((src_words(element >> vec4u(2)) >> vec4u(8 * (element & vec4i(3)))) & vec4u(255));
    }
    case 2: {
      return vec4i(src_words(element >> vec4u(1)) << vec4u(16 * (1 - (element & vec4i(1))))) >> vec4u(16);
    }
    default: {
      return vec4i(src_words(element));
    }
  }
}

// The pixels of the pass's input. Lanes beyond the end of a row get what stands there; nobody uses them.
fn level_0(xs: vec4i, ys: vec4i) -> vec4i {
  let unit = (ys - frame.src_first) * frame.src_units;
  if (SRC_CHANNELS == 4) {
    return src_unit(unit.x + xs.x);
  }
  if (TOGETHER) {
    return src_unit(unit.x + (xs.x >> 2u));
  }
  return src_lanes(4 * unit + xs);
}

fn joined_unit(unit: i32) -> vec4i {
  switch (JOINED_BYTES) {
    case 1: {
      return unpack_u8(joined[unit]);
    }
    case 2: {
      return unpack_i16(joined[2 * unit], joined[2 * unit + 1]);
    }
    default: {
      return vec4i(vec4u(joined[4 * unit], joined[4 * unit + 1], joined[4 * unit + 2], joined[4 * unit + 3]));
    }
  }
}

// The pixels of the joined image at the place that is being made.
fn joined_at(xs: vec4i, ys: vec4i) -> vec4i {
  let row = (ys.x - frame.joined_first) * frame.joined_units;
  if (JOINED_CHANNELS == 4) {
    return joined_unit(row + xs.x);
  }
  return joined_unit(row + (xs.x >> 2));
}

// What every pass has: the pixels it reads, the numbers it needs, the pixels it writes. The composer
// (src/backends/webgpu/compose.ts) puts the constants in capitals before this file and the levels behind it.
//
// A value is always four lanes: the channels of one pixel, or four pixels side by side of an image with one
// channel. `xs` and `ys` are the places of the lanes; with four channels only the first of each counts.
// In memory a unit is four lanes: of u8 in one word, of i16 in two, of i32 in four; rows begin at a new unit.

@group(0) @binding(0) var<storage, read> src: array<u32>;
@group(0) @binding(1) var<storage, read> joined: array<u32>;
@group(0) @binding(2) var<storage, read> data: array<i32>;

// Slots of `data`: FRAME_FIELDS in src/backends/webgpu/frame.ts. A test holds the two equal.
const WIDTH = 0;
const FIRST_ROW = 1;
const ROWS = 2;
const DST_FIRST = 3;
const DST_UNITS = 4;
const SRC_WIDTH = 5;
const SRC_HEIGHT = 6;
const SRC_FIRST = 7;
const SRC_UNITS = 8;
const JOINED_FIRST = 9;
const JOINED_UNITS = 10;
const OP_WIDTH = 11;
const OP_HEIGHT = 12;
const FILL = 13;
const ROW_OFFSET = 17;
const ROW_STARTS = 18;
// Pixels and rows that the window reaches to each side.
const REACH_LEFT = 19;
const REACH_RIGHT = 20;
const REACH_UP = 21;
const REACH_DOWN = 22;
const AT = 23;

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

// The pixels of the pass's input. Lanes beyond the end of a row get what stands there; nobody uses them.
fn level_0(xs: vec4i, ys: vec4i) -> vec4i {
  let row = (ys - data[SRC_FIRST]) * data[SRC_UNITS];
  if (SRC_CHANNELS == 4) {
    return src_unit(row.x + xs.x);
  }
  let unit = row + (xs >> vec4u(2));
  let lane = xs & vec4i(3);
  return vec4i(src_unit(unit.x)[lane.x], src_unit(unit.y)[lane.y], src_unit(unit.z)[lane.z], src_unit(unit.w)[lane.w]);
}

// The pixels of the joined image at the place that is being made.
fn joined_at(xs: vec4i, ys: vec4i) -> vec4i {
  let row = (ys.x - data[JOINED_FIRST]) * data[JOINED_UNITS];
  if (JOINED_CHANNELS == 4) {
    return joined_unit(row + xs.x);
  }
  return joined_unit(row + (xs.x >> 2));
}

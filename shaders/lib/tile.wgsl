// The window's input around a workgroup, in the workgroup's memory: each pixel is read, led through the levels
// below and put through the border once, however many windows it lies in.

const TILE_WORDS = 4096;
var<workgroup> tile: array<u32, TILE_WORDS>;

// The tile's first unit and row, and its units a row.
var<private> tile_unit: i32;
var<private> tile_row: i32;
var<private> tile_across: i32;

// Pixels as units of the input, rounded up.
fn in_units(pixels: i32) -> i32 {
  return select((pixels + 3) >> 2u, pixels, OP_CHANNELS == 4);
}

fn prepare(first_unit: i32, first_row: i32, local: i32) {
  tile_across = 16 + in_units(frame.reach_left) + in_units(frame.reach_right);
  let size = tile_across * (16 + frame.reach_up + frame.reach_down);
  tile_unit = first_unit - in_units(frame.reach_left);
  tile_row = first_row - frame.reach_up;
  for (var i = local; i < size; i += 256) {
    let unit = tile_unit + i % tile_across;
    var xs = vec4i(unit);
    if (OP_CHANNELS == 1) {
      xs = 4 * unit + vec4i(0, 1, 2, 3);
    }
    let v = gather(xs, vec4i(tile_row + i / tile_across));
    switch (OP_BYTES) {
      case 1: {
        tile[i] = pack_u8(v);
      }
      case 2: {
        let words = pack_i16(v);
        tile[2 * i] = words.x;
        tile[2 * i + 1] = words.y;
      }
      default: {
        let words = vec4u(v);
        tile[4 * i] = words.x;
        tile[4 * i + 1] = words.y;
        tile[4 * i + 2] = words.z;
        tile[4 * i + 3] = words.w;
      }
    }
  }
  workgroupBarrier();
}

// Four elements side by side that need not begin at a unit, as there are with one channel.
fn tile_u8(element: i32) -> vec4i {
  let i = element >> 2u;
  let shift = u32(element & 3) * 8u;
  let low = tile[i] >> shift;
  if (shift == 0u) {
    return unpack_u8(low);
  }
  return unpack_u8(low | (tile[i + 1] << (32u - shift)));
}

fn tile_i16(element: i32) -> vec4i {
  let i = element >> 1u;
  if ((element & 1) == 0) {
    return unpack_i16(tile[i], tile[i + 1]);
  }
  return unpack_i16((tile[i] >> 16u) | (tile[i + 1] << 16u), (tile[i + 1] >> 16u) | (tile[i + 2] << 16u));
}

fn tile_i32(element: i32) -> vec4i {
  return vec4i(vec4u(tile[element], tile[element + 1], tile[element + 2], tile[element + 3]));
}

fn load(dx: i32, dy: i32) -> vec4i {
  let row = (lines.x + dy - tile_row) * tile_across - tile_unit;
  if (OP_CHANNELS == 4) {
    let unit = row + columns.x + dx;
    switch (OP_BYTES) {
      case 1: {
        return unpack_u8(tile[unit]);
      }
      case 2: {
        return unpack_i16(tile[2 * unit], tile[2 * unit + 1]);
      }
      default: {
        return tile_i32(4 * unit);
      }
    }
  }
  let element = 4 * row + columns.x + dx;
  switch (OP_BYTES) {
    case 1: {
      return tile_u8(element);
    }
    case 2: {
      return tile_i16(element);
    }
    default: {
      return tile_i32(element);
    }
  }
}

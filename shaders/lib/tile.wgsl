// The window's input around a workgroup, in the workgroup's memory: each pixel is read, led through the levels
// below and put through the border once, however many windows it lies in.

const TILE_WORDS = 4096;
var<workgroup> tile: array<u32, TILE_WORDS>;

// The place of the workgroup's first unit, in the tile's units and rows.
var<private> tile_unit: i32;
var<private> tile_row: i32;

// Pixels as units of the input, rounded up.
fn in_units(pixels: i32) -> i32 {
  return select((pixels + 3) >> 2u, pixels, OP_CHANNELS == 4);
}

fn tile_across() -> i32 {
  return 16 + in_units(data[REACH_LEFT]) + in_units(data[REACH_RIGHT]);
}

fn prepare(first_unit: i32, first_row: i32, local: i32) {
  let across = tile_across();
  let size = across * (16 + data[REACH_UP] + data[REACH_DOWN]);
  tile_unit = first_unit - in_units(data[REACH_LEFT]);
  tile_row = first_row - data[REACH_UP];
  for (var i = local; i < size; i += 256) {
    let unit = tile_unit + i % across;
    var xs = vec4i(unit);
    if (OP_CHANNELS == 1) {
      xs = 4 * unit + vec4i(0, 1, 2, 3);
    }
    let v = gather(xs, vec4i(tile_row + i / across));
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

fn tile_words(i: i32) -> vec4u {
  return vec4u(tile[i], tile[i + 1], tile[min(i + 2, TILE_WORDS - 1)], tile[min(i + 3, TILE_WORDS - 1)]);
}

fn load(dx: i32, dy: i32) -> vec4i {
  // The first of four elements side by side. With one channel they need not begin at a unit.
  let unit = (lines.x + dy - tile_row) * tile_across() - tile_unit;
  var element = 4 * unit + columns.x + dx;
  if (OP_CHANNELS == 4) {
    element = 4 * (unit + columns.x + dx);
  }
  switch (OP_BYTES) {
    case 1: {
      let i = element >> 2u;
      let shift = u32(element & 3) * 8u;
      let low = tile[i] >> shift;
      if (shift == 0u) {
        return unpack_u8(low);
      }
      return unpack_u8(low | (tile[i + 1] << (32u - shift)));
    }
    case 2: {
      let words = tile_words(element >> 1u);
      if ((element & 1) == 0) {
        return unpack_i16(words.x, words.y);
      }
      return unpack_i16((words.x >> 16u) | (words.y << 16u), (words.y >> 16u) | (words.z << 16u));
    }
    default: {
      return vec4i(tile_words(element));
    }
  }
}

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
    if (OP_WIDE) {
      let words = pack_i16(v);
      tile[2 * i] = words.x;
      tile[2 * i + 1] = words.y;
    } else {
      tile[i] = pack_u8(v);
    }
  }
  workgroupBarrier();
}

fn load(dx: i32, dy: i32) -> vec4i {
  let row = (lines.x + dy - tile_row) * tile_across();
  if (OP_CHANNELS == 4) {
    let i = row + columns.x + dx - tile_unit;
    if (OP_WIDE) {
      return unpack_i16(tile[2 * i], tile[2 * i + 1]);
    }
    return unpack_u8(tile[i]);
  }
  // Four elements side by side that need not begin at a unit: taken from the words they lie in.
  let element = 4 * (row - tile_unit) + columns.x + dx;
  if (OP_WIDE) {
    let i = element >> 1u;
    let a = tile[i];
    let b = tile[i + 1];
    if ((element & 1) == 0) {
      return unpack_i16(a, b);
    }
    return unpack_i16((a >> 16u) | (b << 16u), (b >> 16u) | (tile[min(i + 2, TILE_WORDS - 1)] << 16u));
  }
  let i = element >> 2u;
  let shift = u32(element & 3) * 8u;
  let low = tile[i] >> shift;
  if (shift == 0u) {
    return unpack_u8(low);
  }
  return unpack_u8(low | (tile[i + 1] << (32u - shift)));
}

// Makes one unit of the pass.

@group(0) @binding(3) var<storage, read_write> dst: array<u32>;

fn make_unit(unit: i32, y: i32) {
  let at = (y - frame.dst_first) * frame.dst_units + unit;
  var xs = vec4i(unit);
  if (DST_CHANNELS == 1) {
    xs = vec4i(0, 1, 2, 3) + 4 * unit;
  }
  let v = result(xs, vec4i(y));
  switch (DST_BYTES) {
    case 1: {
      dst[at] = pack_u8(v);
    }
    case 2: {
      let words = pack_i16(v);
      dst[2 * at] = words.x;
      dst[2 * at + 1] = words.y;
    }
    default: {
      let words = vec4u(v);
      dst[4 * at] = words.x;
      dst[4 * at + 1] = words.y;
      dst[4 * at + 2] = words.z;
      dst[4 * at + 3] = words.w;
    }
  }
}

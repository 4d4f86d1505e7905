// Makes a unit of each row of the pass.

@group(0) @binding(3) var<storage, read_write> dst: array<u32>;

@compute @workgroup_size(16, 16)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  prepare(16 * i32(group.x), data[FIRST_ROW] + 16 * i32(group.y), i32(local));
  let unit = i32(id.x);
  if (unit >= data[DST_UNITS] || i32(id.y) >= data[ROWS]) {
    return;
  }
  let y = data[FIRST_ROW] + i32(id.y);
  let at = (y - data[DST_FIRST]) * data[DST_UNITS] + unit;
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

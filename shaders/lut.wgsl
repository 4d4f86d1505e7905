// lut: out = table[channel][in]. A table that is a line is arithmetic: clamp((scale in + offset) >> shift), alpha copied.
// Exact; how large sums become is told in assembly/kernels/lut.ts.

struct LutParams { table: i32, scale: i32, offset: i32, shift: i32 }

fn lut(v: vec4i, at: i32) -> vec4i {
  let p = LutParams(data[at], data[at + 1], data[at + 2], data[at + 3]);
  if (p.shift >= 0) {
    return keep_alpha(clamp((p.scale * v + p.offset) >> vec4u(u32(p.shift)), vec4i(0), vec4i(255)), v);
  }
  let lanes = p.table + v;
  // One channel: the lanes are four pixels, which share the table.
  if (channels == 1) {
    return vec4i(data[lanes.x], data[lanes.y], data[lanes.z], data[lanes.w]);
  }
  return vec4i(data[lanes.x], data[lanes.y + 256], data[lanes.z + 512], data[lanes.w + 768]);
}

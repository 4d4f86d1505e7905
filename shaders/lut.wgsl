// lut: out = table[channel][in].

struct LutParams { table: i32 }

fn lut(v: vec4i, at: i32) -> vec4i {
  let lanes = data[at] + v;
  // One channel: the lanes are four pixels, which share the table.
  if (channels == 1) {
    return vec4i(data[lanes.x], data[lanes.y], data[lanes.z], data[lanes.w]);
  }
  return vec4i(data[lanes.x], data[lanes.y + 256], data[lanes.z + 512], data[lanes.w + 768]);
}

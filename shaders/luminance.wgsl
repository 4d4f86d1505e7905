// luminance: (r wr + g wg + b wb + 2^14) >> 15, at most 8,355,840 before the shift. One value of four channels.

struct LuminanceParams { weights: i32 }

fn luminance(v: vec4i, at: i32) -> i32 {
  let p = LuminanceParams(data[at]);
  return (v.x * data[p.weights] + v.y * data[p.weights + 1] + v.z * data[p.weights + 2] + 16384) >> 15u;
}

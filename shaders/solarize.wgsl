// solarize: out = in >= value ? 255 - in : in. Alpha is copied.

struct SolarizeParams { value: i32 }

fn solarize(v: vec4i, at: i32) -> vec4i {
  let p = SolarizeParams(data[at]);
  return keep_alpha(select(v, 255 - v, v >= vec4i(p.value)), v);
}

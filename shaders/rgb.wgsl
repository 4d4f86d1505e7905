// drop_alpha: an image of three channels travels as four, of which the last is 255 wherever another pass may read it.

fn drop_alpha(v: vec4i, at: i32) -> vec4i {
  return vec4i(v.xyz, 255);
}

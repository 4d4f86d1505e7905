// unsharp_mask: with d = in - blurred, |d| > threshold ? clamp((256 in + amount d + 128) >> 8) : in. Alpha is copied.

struct UnsharpMaskParams { amount: i32, threshold: i32 }

fn unsharp_mask(blurred: vec4i, v: vec4i, at: i32) -> vec4i {
  let p = UnsharpMaskParams(data[at], data[at + 1]);
  let d = v - blurred;
  let sharpened = clamp((256 * v + p.amount * d + 128) >> vec4u(8), vec4i(0), vec4i(255));
  return keep_alpha(select(v, sharpened, abs(d) > vec4i(p.threshold)), v);
}

// premultiply: p = (q + floor(q / 255) + 2) >> 2 with q = c a, which is round(64 c a / 255); alpha is 64 a.
// unpremultiply: min(255, floor((255 p + floor(A / 2)) / A)), alpha (A + 32) >> 6; all 0 where A <= 0.

fn premultiply(v: vec4i, at: i32) -> vec4i {
  let q = v.xyz * v.w;
  let whole = (q + 1 + (q >> vec3u(8))) >> vec3u(8);
  return vec4i((q + whole + 2) >> vec3u(2), v.w << 6u);
}

fn unpremultiply(p: vec4i, at: i32) -> vec4i {
  if (p.w <= 0) {
    return vec4i(0);
  }
  // At most 255 * 32767 + 16383, at least 0: integer division is exact.
  let scaled = max(p.xyz * 255 + (p.w >> 1u), vec3i(0));
  return vec4i(min(scaled / p.w, vec3i(255)), min((p.w + 32) >> 6u, 255));
}

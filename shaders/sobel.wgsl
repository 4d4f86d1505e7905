// sobel: gx = [-1 0 1; -2 0 2; -1 0 1], gy its transpose; round(sqrt(gx^2 + gy^2)), |gx| or |gy|, at most 255.
// Alpha is copied.

struct SobelParams { output: i32 }

// round(sqrt(n)) for n <= 2^22: the float root may be one off, so it is corrected in integers.
fn rounded_root(n: i32) -> i32 {
  var r = i32(sqrt(f32(n)));
  if (r * r > n) {
    r--;
  }
  if ((r + 1) * (r + 1) <= n) {
    r++;
  }
  return select(r, r + 1, n - r * r > r);
}

fn sobel(at: i32) -> vec4i {
  let p = SobelParams(data[at]);
  let nw = load(-1, -1);
  let ne = load(1, -1);
  let sw = load(-1, 1);
  let se = load(1, 1);
  let gx = ne - nw + 2 * (load(1, 0) - load(-1, 0)) + se - sw;
  let gy = sw - nw + 2 * (load(0, 1) - load(0, -1)) + se - ne;
  var g: vec4i;
  switch (p.output) {
    case 1: {
      g = abs(gx);
    }
    case 2: {
      g = abs(gy);
    }
    default: {
      let n = min(gx * gx + gy * gy, vec4i(65536));
      g = vec4i(rounded_root(n.x), rounded_root(n.y), rounded_root(n.z), rounded_root(n.w));
    }
  }
  return keep_alpha(min(g, vec4i(255)), load(0, 0));
}

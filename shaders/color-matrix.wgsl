// color_matrix: out[i] = clamp((m[i] . (r, g, b, a) + bias[i]) >> shift), the half that rounds being in the
// bias. Sums stay below 2^30 (assembly/kernels/color-matrix.ts).

struct ColorMatrixParams { shift: i32, matrix: i32, bias: i32 }

// A column of the matrix.
fn factors(at: i32) -> vec4i {
  return vec4i(data[at], data[at + 4], data[at + 8], data[at + 12]);
}

fn color_matrix(v: vec4i, at: i32) -> vec4i {
  let p = ColorMatrixParams(data[at], data[at + 1], data[at + 2]);
  let bias = vec4i(data[p.bias], data[p.bias + 1], data[p.bias + 2], data[p.bias + 3]);
  let m = p.matrix;
  let sums = bias + factors(m) * v.x + factors(m + 1) * v.y + factors(m + 2) * v.z + factors(m + 3) * v.w;
  return clamp(sums >> vec4u(u32(p.shift)), vec4i(0), vec4i(255));
}

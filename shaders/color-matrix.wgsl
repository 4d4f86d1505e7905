// color_matrix: out[i] = clamp((m[i] . (r, g, b, a) + bias[i]) >> shift), the half that rounds being in the
// bias. Sums stay below 2^30 (assembly/kernels/color-matrix.ts).

struct ColorMatrixParams { shift: i32, matrix: i32, bias: i32 }

fn color_matrix(v: vec4i, at: i32) -> vec4i {
  let p = ColorMatrixParams(data[at], data[at + 1], data[at + 2]);
  var sums: vec4i;
  for (var i = 0; i < 4; i++) {
    let row = p.matrix + 4 * i;
    sums[i] = data[p.bias + i] + data[row] * v.x + data[row + 1] * v.y + data[row + 2] * v.z + data[row + 3] * v.w;
  }
  return clamp(sums >> vec4u(u32(p.shift)), vec4i(0), vec4i(255));
}

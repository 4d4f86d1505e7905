// gaussian_blur_y, gaussian_blur_x: (sum of w[|k|] * in[k] + 2^14) >> 15 with 6 fractional bits, down the column and
// along the row. The weights sum to 32768, so that a sum is at most 16320 * 32768 = 534,773,760.

struct GaussianBlurParams { radius: i32, weights: i32 }

fn gaussian_blur_y(at: i32) -> vec4i {
  let p = GaussianBlurParams(data[at], data[at + 1]);
  var sum = load_wide(0, 0) * data[p.weights];
  for (var k = 1; k <= p.radius; k++) {
    sum += (load_wide(0, -k) + load_wide(0, k)) * data[p.weights + k];
  }
  return from_wide((sum + 16384) >> vec4u(15));
}

fn gaussian_blur_x(at: i32) -> vec4i {
  let p = GaussianBlurParams(data[at], data[at + 1]);
  var sum = load_wide(0, 0) * data[p.weights];
  for (var k = 1; k <= p.radius; k++) {
    sum += (load_wide(-k, 0) + load_wide(k, 0)) * data[p.weights + k];
  }
  return from_wide((sum + 16384) >> vec4u(15));
}

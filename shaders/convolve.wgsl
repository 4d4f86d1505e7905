// convolve: clamp((bias + sum of weights * neighbours) >> shift) for colour; alpha is copied. Every sum fits an i32
// (src/filters/convolution.ts). The half that rounds is in the bias.

struct ConvolveParams { width: i32, height: i32, shift: i32, bias: i32, weights: i32 }

fn convolve(at: i32) -> vec4i {
  let p = ConvolveParams(data[at], data[at + 1], data[at + 2], data[at + 3], data[at + 4]);
  var sum = vec4i(p.bias);
  for (var row = 0; row < p.height; row++) {
    for (var column = 0; column < p.width; column++) {
      sum += load(column - p.width / 2, row - p.height / 2) * data[p.weights + row * p.width + column];
    }
  }
  return keep_alpha(clamp(sum >> vec4u(u32(p.shift)), vec4i(0), vec4i(255)), load(0, 0));
}

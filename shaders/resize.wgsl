// resize_y, resize_x: (sum of weights * taps + 2^(shift - 1)) >> shift with 6 fractional bits, down the column and along
// the row, from the first tap that a list has for each place. resize_half: the mean of four pixels. resize_nearest:
// copies of listed pixels. What sums come to is told in assembly/kernels/resize.ts.

struct ResizeYParams { taps: i32, shift: i32, weights: i32 }
struct ResizeXParams { taps: i32, stride: i32, shift: i32, starts: i32, weights: i32 }
struct ResizeNearestParams { starts: i32 }

fn resized(sum: vec4i, shift: i32) -> vec4i {
  let scaled = sum * select(64, 1, OP_WIDE);
  return from_wide((scaled + (1 << u32(shift - 1))) >> vec4u(u32(shift)));
}

fn resize_y(at: i32) -> vec4i {
  let p = ResizeYParams(data[at], data[at + 1], data[at + 2]);
  let first = first_row();
  let weights = p.weights + lines.x * p.taps;
  var sum = vec4i(0);
  for (var k = 0; k < p.taps; k++) {
    sum += gather(columns, vec4i(first + k)) * data[weights + k];
  }
  return resized(sum, p.shift);
}

// Entries of a list for the places of the lanes. Lists go on to a multiple of four places.
fn listed(list: i32, places: vec4i) -> vec4i {
  return vec4i(data[list + places.x], data[list + places.y], data[list + places.z], data[list + places.w]);
}

fn resize_x(at: i32) -> vec4i {
  let p = ResizeXParams(data[at], data[at + 1], data[at + 2], data[at + 3], data[at + 4]);
  let first = listed(p.starts, columns);
  let weights = columns * p.stride;
  var sum = vec4i(0);
  for (var k = 0; k < p.taps; k++) {
    sum += gather(first + k, lines) * listed(p.weights + k, weights);
  }
  return resized(sum, p.shift);
}

fn resize_half(at: i32) -> vec4i {
  let x = 2 * columns;
  let y = 2 * lines;
  return (gather(x, y) + gather(x + 1, y) + gather(x, y + 1) + gather(x + 1, y + 1) + 2) >> vec4u(2);
}

fn resize_nearest(at: i32) -> vec4i {
  let p = ResizeNearestParams(data[at]);
  return gather(listed(p.starts, columns), vec4i(first_row()));
}

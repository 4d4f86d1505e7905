// halve_y, halve_x: (a + 4 b + 6 c + 4 d + e) / 16 at every second place. double_y, double_x: in turn (a + 6 b + c) / 8
// and (b + c) / 2. With 6 fractional bits; roundings as in src/filters/pyramid.ts.

struct HalveXParams { first: i32 }
struct DoubleXParams { first: i32 }

fn halved(a: vec4i, b: vec4i, c: vec4i, d: vec4i, e: vec4i) -> vec4i {
  let scale = select(64, 1, OP_WIDE);
  let outer = (scale * (a + e + 2 * c) + 2) >> vec4u(2);
  return (outer + scale * (b + c + d) + 2) >> vec4u(2);
}

fn halve_y(at: i32) -> vec4i {
  let y = vec4i(first_row());
  return halved(gather(columns, y), gather(columns, y + 1), gather(columns, y + 2), gather(columns, y + 3), gather(columns, y + 4));
}

fn halve_x(at: i32) -> vec4i {
  let x = HalveXParams(data[at]).first + 2 * columns;
  return halved(gather(x, lines), gather(x + 1, lines), gather(x + 2, lines), gather(x + 3, lines), gather(x + 4, lines));
}

fn doubled(place: vec4i, a: vec4i, b: vec4i, c: vec4i) -> vec4i {
  let even = (((a + c + 2 * b + 2) >> vec4u(2)) + b + 1) >> vec4u(1);
  return select((b + c + 1) >> vec4u(1), even, (place & vec4i(1)) == vec4i(0));
}

fn double_y(at: i32) -> vec4i {
  let y = vec4i(first_row());
  return from_wide(doubled(lines, gather(columns, y), gather(columns, y + 1), gather(columns, y + 2)));
}

fn double_x(at: i32) -> vec4i {
  let x = DoubleXParams(data[at]).first + (columns >> vec4u(1));
  return from_wide(doubled(columns, gather(x, lines), gather(x + 1, lines), gather(x + 2, lines)));
}

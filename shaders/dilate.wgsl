// dilate_small: the greatest of the (2 radius + 1)^2 values around each one, of every channel.
// dilate_span_y, dilate_span_x: the greatest of `count` values `step` apart, the last of which is `last` behind the first, down the
// column and along the row (src/filters/extreme.ts).

struct DilateSmallParams { radius: i32 }
struct DilateSpanParams { first: i32, step: i32, count: i32, last: i32 }

fn dilate_small(at: i32) -> vec4i {
  let p = DilateSmallParams(data[at]);
  var v = vec4i(0);
  for (var dy = -p.radius; dy <= p.radius; dy++) {
    for (var dx = -p.radius; dx <= p.radius; dx++) {
      v = max(v, load(dx, dy));
    }
  }
  return v;
}

fn dilate_span_y(at: i32) -> vec4i {
  let p = DilateSpanParams(data[at], data[at + 1], data[at + 2], data[at + 3]);
  var v = vec4i(0);
  for (var k = 0; k < p.count; k++) {
    v = max(v, load(0, p.first + min(k * p.step, p.last)));
  }
  return v;
}

fn dilate_span_x(at: i32) -> vec4i {
  let p = DilateSpanParams(data[at], data[at + 1], data[at + 2], data[at + 3]);
  var v = vec4i(0);
  for (var k = 0; k < p.count; k++) {
    v = max(v, load(p.first + min(k * p.step, p.last), 0));
  }
  return v;
}

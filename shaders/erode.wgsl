// erode_small: the least of the (2 radius + 1)^2 values around each one, of every channel.
// erode_span_y, erode_span_x: the least of `count` values `step` apart, the last of which is `last` behind the first, down the
// column and along the row (src/filters/extreme.ts).

struct ErodeSmallParams { radius: i32 }
struct ErodeSpanParams { first: i32, step: i32, count: i32, last: i32 }

fn erode_small(at: i32) -> vec4i {
  let p = ErodeSmallParams(data[at]);
  var v = vec4i(255);
  for (var dy = -p.radius; dy <= p.radius; dy++) {
    for (var dx = -p.radius; dx <= p.radius; dx++) {
      v = min(v, load(dx, dy));
    }
  }
  return v;
}

fn erode_span_y(at: i32) -> vec4i {
  let p = ErodeSpanParams(data[at], data[at + 1], data[at + 2], data[at + 3]);
  var v = vec4i(255);
  for (var k = 0; k < p.count; k++) {
    v = min(v, load(0, p.first + min(k * p.step, p.last)));
  }
  return v;
}

fn erode_span_x(at: i32) -> vec4i {
  let p = ErodeSpanParams(data[at], data[at + 1], data[at + 2], data[at + 3]);
  var v = vec4i(255);
  for (var k = 0; k < p.count; k++) {
    v = min(v, load(p.first + min(k * p.step, p.last), 0));
  }
  return v;
}

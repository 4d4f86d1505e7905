// erode_small: the least of the (2 radius + 1)^2 values around each one, of every channel.
// erode_y, erode_x: the same of 2 radius + 1 values down the column and along the row.

struct ErodeParams { radius: i32 }
struct ErodeSmallParams { radius: i32 }

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

fn erode_y(at: i32) -> vec4i {
  let p = ErodeParams(data[at]);
  var v = vec4i(255);
  for (var k = -p.radius; k <= p.radius; k++) {
    v = min(v, load(0, k));
  }
  return v;
}

fn erode_x(at: i32) -> vec4i {
  let p = ErodeParams(data[at]);
  var v = vec4i(255);
  for (var k = -p.radius; k <= p.radius; k++) {
    v = min(v, load(k, 0));
  }
  return v;
}

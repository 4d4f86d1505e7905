// dilate_small: the greatest of the (2 radius + 1)^2 values around each one, of every channel.
// dilate_y, dilate_x: the same of 2 radius + 1 values down the column and along the row.

struct DilateParams { radius: i32 }
struct DilateSmallParams { radius: i32 }

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

fn dilate_y(at: i32) -> vec4i {
  let p = DilateParams(data[at]);
  var v = vec4i(0);
  for (var k = -p.radius; k <= p.radius; k++) {
    v = max(v, load(0, k));
  }
  return v;
}

fn dilate_x(at: i32) -> vec4i {
  let p = DilateParams(data[at]);
  var v = vec4i(0);
  for (var k = -p.radius; k <= p.radius; k++) {
    v = max(v, load(k, 0));
  }
  return v;
}

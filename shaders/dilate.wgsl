// dilate_y, dilate_x: the greatest of the 2 radius + 1 values down the column and along the row, of every channel.

struct DilateParams { radius: i32 }

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

// erode_y, erode_x: the least of the 2 radius + 1 values down the column and along the row, of every channel.

struct ErodeParams { radius: i32 }

fn erode_y(at: i32) -> vec4i {
  let p = ErodeParams(data[at]);
  var v = load(0, 0);
  for (var k = 1; k <= p.radius; k++) {
    v = min(v, min(load(0, -k), load(0, k)));
  }
  return v;
}

fn erode_x(at: i32) -> vec4i {
  let p = ErodeParams(data[at]);
  var v = load(0, 0);
  for (var k = 1; k <= p.radius; k++) {
    v = min(v, min(load(-k, 0), load(k, 0)));
  }
  return v;
}

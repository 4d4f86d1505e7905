// erode_y, erode_x: the least of the 2 radius + 1 values down the column and along the row, of every channel.

struct ErodeParams { radius: i32 }

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

// Makes a unit of several rows of the pass, from the top down.

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let unit = i32(id.x);
  if (unit >= data[DST_UNITS]) {
    return;
  }
  let first = i32(id.y) * ROWS_PER_THREAD;
  for (var row = first; row < min(first + ROWS_PER_THREAD, data[ROWS]); row++) {
    make_unit(unit, data[FIRST_ROW] + row);
  }
}

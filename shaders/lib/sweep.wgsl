// Makes several units or rows of the pass, from the left to the right or from the top down.

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let first_unit = i32(id.x) * UNITS_PER_THREAD;
  let first_row = i32(id.y) * ROWS_PER_THREAD;
  for (var row = first_row; row < min(first_row + ROWS_PER_THREAD, frame.rows); row++) {
    for (var unit = first_unit; unit < min(first_unit + UNITS_PER_THREAD, frame.dst_units); unit++) {
      make_unit(unit, frame.first_row + row);
    }
  }
}

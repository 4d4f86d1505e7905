// Makes a unit of each row of the pass.

@compute @workgroup_size(16, 16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let unit = i32(id.x);
  let row = i32(id.y);
  if (unit < data[DST_UNITS] && row < data[ROWS]) {
    make_unit(unit, data[FIRST_ROW] + row);
  }
}

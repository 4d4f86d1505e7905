// Makes a unit of each row of the pass.

@compute @workgroup_size(16, 16)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  prepare(16 * i32(group.x), frame.first_row + 16 * i32(group.y), i32(local));
  let unit = i32(id.x);
  let row = i32(id.y);
  if (unit < frame.dst_units && row < frame.rows) {
    make_unit(unit, frame.first_row + row);
  }
}

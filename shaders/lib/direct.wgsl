// Windows that do not fit a workgroup's memory, and operations without one, read the pass's input as they go.

fn prepare(first_unit: i32, first_row: i32, local: i32) {}

fn load(dx: i32, dy: i32) -> vec4i {
  return gather(columns + dx, lines + dy);
}

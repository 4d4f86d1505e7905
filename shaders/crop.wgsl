// copy: out[x, y] = in[x + left, row y's tap]. The rows are the stage's, so this is crop, and flip as well.

struct CopyParams { left: i32 }

fn copy(at: i32) -> vec4i {
  let p = CopyParams(data[at]);
  return gather(columns + p.left, vec4i(first_row()));
}

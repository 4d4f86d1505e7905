// rotate90: the input being W x H, out[x, y] = in[y, H - 1 - x] with turns 1, in[W - 1 - y, x] with turns 3.
// `blockRows` and `strideBytes` are for the wasm kernel.

struct Rotate90Params { turns: i32, blockRows: i32, strideBytes: i32 }

fn rotate90(at: i32) -> vec4i {
  let p = Rotate90Params(data[at], data[at + 1], data[at + 2]);
  if (p.turns == 1) {
    return gather(lines, frame.op_height - 1 - columns);
  }
  return gather(frame.op_width - 1 - lines, columns);
}

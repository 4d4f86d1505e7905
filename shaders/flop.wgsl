// flop: out[x, y] = in[W - 1 - x, row y's tap].

fn flop(at: i32) -> vec4i {
  return gather(frame.op_width - 1 - columns, vec4i(first_row()));
}

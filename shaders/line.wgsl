// line: clamp((scale in + offset) >> shift), alpha copied. Exact; how large sums become is told in assembly/kernels/line.ts.

struct LineParams { scale: i32, offset: i32, shift: i32 }

fn line(v: vec4i, at: i32) -> vec4i {
  let p = LineParams(data[at], data[at + 1], data[at + 2]);
  return keep_alpha(clamp((p.scale * v + p.offset) >> vec4u(u32(p.shift)), vec4i(0), vec4i(255)), v);
}

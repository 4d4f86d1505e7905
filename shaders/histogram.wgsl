// Counts the values of every channel: 256 counters a channel, first in the workgroup's memory, then in `counts`.

@group(0) @binding(3) var<storage, read_write> counts: array<atomic<u32>>;

var<workgroup> bins: array<atomic<u32>, 1024>;

@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) local: u32) {
  for (var i = local; i < 1024u; i += 256u) {
    atomicStore(&bins[i], 0u);
  }
  workgroupBarrier();
  let rows_per_group = 16;
  let unit = i32(id.x);
  if (unit < frame.dst_units) {
    let first = i32(id.y) * rows_per_group;
    for (var row = first; row < min(first + rows_per_group, frame.rows); row++) {
      count_unit(unit, frame.first_row + row);
    }
  }
  workgroupBarrier();
  for (var i = local; i < 1024u; i += 256u) {
    let n = atomicLoad(&bins[i]);
    if (n > 0u) {
      atomicAdd(&counts[i], n);
    }
  }
}

fn count_unit(unit: i32, y: i32) {
  if (DST_CHANNELS == 4) {
    let v = vec4u(result(vec4i(unit), vec4i(y)));
    atomicAdd(&bins[v.x], 1u);
    atomicAdd(&bins[256 + v.y], 1u);
    atomicAdd(&bins[512 + v.z], 1u);
    atomicAdd(&bins[768 + v.w], 1u);
    return;
  }
  let xs = vec4i(0, 1, 2, 3) + 4 * unit;
  let v = vec4u(result(xs, vec4i(y)));
  for (var lane = 0; lane < 4; lane++) {
    if (xs[lane] < frame.width) {
      atomicAdd(&bins[v[lane]], 1u);
    }
  }
}

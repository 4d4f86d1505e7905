// normalize_table: from the counts of luminances to the table that stretches all colours; one workgroup, a thread a
// level. lo is the largest level with at most floor(lower n / 100000) of the n pixels below it, hi the smallest with
// at most floor((100000 - upper) n / 100000) above it; a level c becomes floor((510 (c - lo) + d) / (2 d)) with
// d = hi - lo, from 0 to 255. Counts sum to less than 2^32.

@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read_write> table: array<i32>;
// lower and upper, in thousandths of a percent.
@group(0) @binding(2) var<storage, read> params: array<i32>;

// floor(q n / 100000) for q <= 100000. With n = 100000 a + b and q = 1000 h + l, b h = 100 c + e: the quotient is
// q a + c + (1000 e + b l) / 100000, and the largest intermediate is b l < 10^8, or q a <= n.
fn share_of(n: u32, q: u32) -> u32 {
  let a = n / 100000u;
  let b = n % 100000u;
  let bh = b * (q / 1000u);
  return q * a + bh / 100u + (1000u * (bh % 100u) + b * (q % 1000u)) / 100000u;
}

@compute @workgroup_size(256)
fn normalize_table(@builtin(local_invocation_index) level: u32) {
  var pixels = 0u;
  for (var i = 0u; i < 256u; i++) {
    pixels += counts[i];
  }
  let may_be_below = share_of(pixels, u32(params[0]));
  let may_be_above = share_of(pixels, 100000u - u32(params[1]));
  // Not all pixels may be below or above, so that both searches end; without any pixels they end as well.
  var lo = 0;
  for (var below = counts[0]; below <= may_be_below && lo < 255; below += counts[lo]) {
    lo++;
  }
  var hi = 255;
  for (var above = counts[255]; above <= may_be_above && hi > 0; above += counts[hi]) {
    hi--;
  }
  let c = i32(level);
  let d = hi - lo;
  var stretched = c;
  if (d > 0) {
    stretched = clamp((510 * max(c - lo, 0) + d) / (2 * d), 0, 255);
  }
  for (var channel = 0u; channel < 3u; channel++) {
    table[256u * channel + level] = stretched;
  }
  table[768u + level] = c;
}

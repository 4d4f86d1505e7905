// equalize_table: from the counts of each channel to its table; one workgroup, a thread a level.

@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read_write> table: array<i32>;

// floor((255 a + floor(b / 2)) / b) for a <= b < 2^31: long division of a number of 40 bits, held as high and
// low words, whose quotient is at most 255.
fn scale_255(a: u32, b: u32) -> u32 {
  var high = a >> 24u;
  var low = a << 8u;
  high -= select(0u, 1u, low < a);
  low -= a;
  let half = b >> 1u;
  low += half;
  high += select(0u, 1u, low < half);
  var quotient = 0u;
  var rest = high;
  for (var bit = 31; bit >= 0; bit--) {
    rest = (rest << 1u) | ((low >> u32(bit)) & 1u);
    quotient = quotient << 1u;
    if (rest >= b) {
      rest -= b;
      quotient |= 1u;
    }
  }
  return quotient;
}

@compute @workgroup_size(256)
fn equalize_table(@builtin(local_invocation_index) level: u32) {
  for (var channel = 0u; channel < 4u; channel++) {
    let first = channel * 256u;
    var lowest = 0u;
    while (lowest < 255u && counts[first + lowest] == 0u) {
      lowest++;
    }
    var rest = 0u;
    var sum = 0u;
    for (var i = lowest + 1u; i < 256u; i++) {
      rest += counts[first + i];
      if (i <= level) {
        sum += counts[first + i];
      }
    }
    // Alpha and flat channels keep their levels.
    var mapped = level;
    if (channel < 3u && rest > 0u) {
      mapped = scale_255(sum, rest);
    }
    table[first + level] = i32(mapped);
  }
}

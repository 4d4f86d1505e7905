// median_3x3, median_5x5: the middle of 9 or 25 values, of every channel. Columns are sorted, then the ranks across
// them; assembly/kernels/median-small.ts says which values are left to choose from, and why. Loads stand in loops with
// nothing else, since some compilers take minutes over many of them.

fn middle_of_three(a: vec4i, b: vec4i, c: vec4i) -> vec4i {
  return max(min(a, b), min(max(a, b), c));
}

fn middle_of_five(a: vec4i, b: vec4i, c: vec4i, d: vec4i, e: vec4i) -> vec4i {
  return middle_of_three(max(min(a, b), min(c, d)), min(max(a, b), max(c, d)), e);
}

fn sorted_three(dx: i32) -> array<vec4i, 3> {
  var v: array<vec4i, 3>;
  for (var k = 0; k < 3; k++) {
    v[k] = load(dx, k - 1);
  }
  return array<vec4i, 3>(min(min(v[0], v[1]), v[2]), middle_of_three(v[0], v[1], v[2]), max(max(v[0], v[1]), v[2]));
}

fn median_3x3(at: i32) -> vec4i {
  // Rank by rank, from column to column.
  var v: array<vec4i, 9>;
  for (var k = 0; k < 3; k++) {
    let column = sorted_three(k - 1);
    v[k] = column[0];
    v[3 + k] = column[1];
    v[6 + k] = column[2];
  }
  return middle_of_three(
    max(max(v[0], v[1]), v[2]),
    middle_of_three(v[3], v[4], v[5]),
    min(min(v[6], v[7]), v[8]),
  );
}

// Sorts five values, by a network of nine comparisons.
fn sorted_five(v: array<vec4i, 5>) -> array<vec4i, 5> {
  let a1 = min(v[0], v[1]);
  let b1 = max(v[0], v[1]);
  let d1 = min(v[3], v[4]);
  let e1 = max(v[3], v[4]);
  let c2 = min(v[2], e1);
  let e2 = max(v[2], e1);
  let c3 = min(c2, d1);
  let d3 = max(c2, d1);
  let b4 = min(b1, e2);
  let a5 = min(a1, d3);
  let d5 = max(a1, d3);
  let c6 = max(a5, c3);
  let b7 = min(b4, d5);
  return array<vec4i, 5>(min(a5, c3), min(b7, c6), max(b7, c6), max(b4, d5), max(b1, e2));
}

fn sorted_column(dx: i32) -> array<vec4i, 5> {
  var v: array<vec4i, 5>;
  for (var k = 0; k < 5; k++) {
    v[k] = load(dx, k - 2);
  }
  return sorted_five(v);
}

fn median_5x5(at: i32) -> vec4i {
  var v: array<vec4i, 25>;
  for (var k = 0; k < 5; k++) {
    let column = sorted_column(k - 2);
    for (var rank = 0; rank < 5; rank++) {
      v[5 * rank + k] = column[rank];
    }
  }
  let rank0 = sorted_five(array<vec4i, 5>(v[0], v[1], v[2], v[3], v[4]));
  let rank1 = sorted_five(array<vec4i, 5>(v[5], v[6], v[7], v[8], v[9]));
  let rank2 = sorted_five(array<vec4i, 5>(v[10], v[11], v[12], v[13], v[14]));
  let rank3 = sorted_five(array<vec4i, 5>(v[15], v[16], v[17], v[18], v[19]));
  let rank4 = sorted_five(array<vec4i, 5>(v[20], v[21], v[22], v[23], v[24]));
  return middle_of_three(
    max(max(rank0[3], rank1[2]), max(rank2[1], rank3[0])),
    middle_of_five(rank0[4], rank1[3], rank2[2], rank3[1], rank4[0]),
    min(min(rank1[4], rank2[3]), min(rank3[2], rank4[1])),
  );
}

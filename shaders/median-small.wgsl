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
  return array(min(min(v[0], v[1]), v[2]), middle_of_three(v[0], v[1], v[2]), max(max(v[0], v[1]), v[2]));
}

fn median_3x3(at: i32) -> vec4i {
  var v: array<array<vec4i, 3>, 3>;
  for (var k = 0; k < 3; k++) {
    v[k] = sorted_three(k - 1);
  }
  return middle_of_three(
    max(max(v[0][0], v[1][0]), v[2][0]),
    middle_of_three(v[0][1], v[1][1], v[2][1]),
    min(min(v[0][2], v[1][2]), v[2][2]),
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
  return array(min(a5, c3), min(b7, c6), max(b7, c6), max(b4, d5), max(b1, e2));
}

fn sorted_column(dx: i32) -> array<vec4i, 5> {
  var v: array<vec4i, 5>;
  for (var k = 0; k < 5; k++) {
    v[k] = load(dx, k - 2);
  }
  return sorted_five(v);
}

fn median_5x5(at: i32) -> vec4i {
  var v: array<array<vec4i, 5>, 5>;
  for (var k = 0; k < 5; k++) {
    v[k] = sorted_column(k - 2);
  }
  let a = sorted_five(array(v[0][0], v[1][0], v[2][0], v[3][0], v[4][0]));
  let b = sorted_five(array(v[0][1], v[1][1], v[2][1], v[3][1], v[4][1]));
  let c = sorted_five(array(v[0][2], v[1][2], v[2][2], v[3][2], v[4][2]));
  let d = sorted_five(array(v[0][3], v[1][3], v[2][3], v[3][3], v[4][3]));
  let e = sorted_five(array(v[0][4], v[1][4], v[2][4], v[3][4], v[4][4]));
  return middle_of_three(
    max(max(a[3], b[2]), max(c[1], d[0])),
    middle_of_five(a[4], b[3], c[2], d[1], e[0]),
    min(min(b[4], c[3]), min(d[2], e[1])),
  );
}

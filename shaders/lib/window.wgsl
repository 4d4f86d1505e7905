// What an operation on more than one pixel sees: its place, and its input at other places.

var<private> columns: vec4i;
var<private> lines: vec4i;
fn modulo(i: vec4i, n: i32) -> vec4i {
  let r = i % vec4i(n);
  return select(r, r + n, r < vec4i(0));
}

// Which indices stand in for those outside 0..n-1; -1: none, the border is a constant. The modes are numbered as
// in src/border.ts. The mode is a constant and there are no branches on places: programs on the CPU that stand in
// for a GPU pay for every branch, taken or not.
fn map_index(i: vec4i, n: i32) -> vec4i {
  switch (BORDER) {
    case 0: {
      return clamp(i, vec4i(0), vec4i(n - 1));
    }
    case 1: {
      let m = modulo(i, 2 * n);
      return min(m, 2 * n - 1 - m);
    }
    case 2: {
      let m = modulo(i, max(2 * n - 2, 1));
      return min(m, 2 * n - 2 - m);
    }
    case 3: {
      return modulo(i, n);
    }
    case 4: {
      return select(vec4i(-1), i, (i >= vec4i(0)) & (i < vec4i(n)));
    }
    default: {
      // The operation reads nothing outside.
      return i;
    }
  }
}

// The operation's input at any places, through the border.
fn gather(xs: vec4i, ys: vec4i) -> vec4i {
  let x = map_index(xs, frame.op_width);
  let y = map_index(ys, frame.op_height);
  if (BORDER != 4) {
    return op_input(x, y);
  }
  let inside = op_input(max(x, vec4i(0)), max(y, vec4i(0)));
  let fill = vec4i(frame.fill, frame.fill_green, frame.fill_blue, frame.fill_alpha);
  // With four channels all lanes are one place, and `xs` and `ys` are the same in all of them.
  return select(inside, fill, (x < vec4i(0)) | (y < vec4i(0)));
}

// The first of the input rows that the row being made needs.
fn first_row() -> i32 {
  if (frame.row_starts != 0) {
    return data[frame.row_starts + lines.x];
  }
  return lines.x + frame.row_offset;
}

// `load(dx, dy)`, from tile.wgsl or direct.wgsl, is the input beside the place that is made. The same with 6
// fractional bits, whatever the format of the input:
fn load_wide(dx: i32, dy: i32) -> vec4i {
  return load(dx, dy) * select(64, 1, OP_WIDE);
}

// From 6 fractional bits to the format of the result.
fn from_wide(v: vec4i) -> vec4i {
  if (RESULT_WIDE) {
    return v;
  }
  return clamp((v + 32) >> vec4u(6), vec4i(0), vec4i(255));
}

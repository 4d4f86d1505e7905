// What an operation on more than one pixel sees: its place, and its input at other places.

var<private> columns: vec4i;
var<private> lines: vec4i;

fn modulo(i: i32, n: i32) -> i32 {
  let r = i % n;
  return select(r, r + n, r < 0);
}

// Which index stands in for one outside 0..n-1; -1: none, the border is a constant. The modes are numbered as
// in src/border.ts.
fn map_index(i: i32, n: i32, border: i32) -> i32 {
  if (i >= 0 && i < n) {
    return i;
  }
  switch (border) {
    case 0: {
      return clamp(i, 0, n - 1);
    }
    case 1: {
      let m = modulo(i, 2 * n);
      return select(2 * n - 1 - m, m, m < n);
    }
    case 2: {
      if (n == 1) {
        return 0;
      }
      let m = modulo(i, 2 * n - 2);
      return select(2 * n - 2 - m, m, m < n);
    }
    case 3: {
      return modulo(i, n);
    }
    default: {
      return -1;
    }
  }
}

fn map_lanes(i: vec4i, n: i32, border: i32) -> vec4i {
  if (OP_CHANNELS == 4) {
    return vec4i(map_index(i.x, n, border));
  }
  return vec4i(
    map_index(i.x, n, border), map_index(i.y, n, border),
    map_index(i.z, n, border), map_index(i.w, n, border),
  );
}

// The operation's input at any places, through the border.
fn gather(xs: vec4i, ys: vec4i) -> vec4i {
  let border = data[BORDER];
  let x = map_lanes(xs, data[OP_WIDTH], border);
  let y = map_lanes(ys, data[OP_HEIGHT], border);
  let inside = op_input(max(x, vec4i(0)), max(y, vec4i(0)));
  let fill = vec4i(data[FILL], data[FILL + 1], data[FILL + 2], data[FILL + 3]);
  return select(inside, fill, (x < vec4i(0)) | (y < vec4i(0)));
}

// The first of the input rows that the row being made needs.
fn first_row() -> i32 {
  if (data[ROW_STARTS] != 0) {
    return data[data[ROW_STARTS] + lines.x];
  }
  return lines.x + data[ROW_OFFSET];
}

fn load(dx: i32, dy: i32) -> vec4i {
  return gather(columns + dx, lines + dy);
}

// The same with 6 fractional bits, whatever the format of the input.
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

// Border modes: which index stands in for one that lies outside 0..n-1. The order is that of
// `BORDERS` in src/border.ts. -1 means: none, the border is a constant.

export const REPLICATE: i32 = 0
export const REFLECT: i32 = 1
export const REFLECT_101: i32 = 2
export const WRAP: i32 = 3
export const CONSTANT: i32 = 4

function modulo(i: i32, n: i32): i32 {
  const r = i % n
  return r < 0 ? r + n : r
}

export function mapIndex(i: i32, n: i32, border: i32): i32 {
  if (<u32>i < <u32>n) return i
  switch (border) {
    case REPLICATE:
      return i < 0 ? 0 : n - 1
    case REFLECT: {
      const m = modulo(i, 2 * n)
      return m < n ? m : 2 * n - 1 - m
    }
    case REFLECT_101: {
      if (n == 1) return 0
      const m = modulo(i, 2 * n - 2)
      return m < n ? m : 2 * n - 2 - m
    }
    case WRAP:
      return modulo(i, n)
    default:
      return -1
  }
}

// T is as large as a pixel.
function padWith<T>(row: usize, width: i32, left: i32, right: i32, border: i32, fill: usize): void {
  const size = sizeof<T>()
  for (let i = 1; i <= left; i++) {
    const m = mapIndex(-i, width, border)
    store<T>(row - <usize>i * size, load<T>(m < 0 ? fill : row + <usize>m * size))
  }
  for (let i = 0; i < right; i++) {
    const m = mapIndex(width + i, width, border)
    store<T>(row + <usize>(width + i) * size, load<T>(m < 0 ? fill : row + <usize>m * size))
  }
}

/** Writes `left` pixels before `row` and `right` after its `width` pixels, as the border mode has them. */
export function padRow(row: usize, width: i32, pixelBytes: i32, left: i32, right: i32, border: i32, fill: usize): void {
  // One channel or four, of 1, 2 or 4 bytes.
  switch (pixelBytes) {
    case 1:
      padWith<u8>(row, width, left, right, border, fill)
      break
    case 2:
      padWith<u16>(row, width, left, right, border, fill)
      break
    case 4:
      padWith<u32>(row, width, left, right, border, fill)
      break
    case 8:
      padWith<u64>(row, width, left, right, border, fill)
      break
    default:
      padWith<v128>(row, width, left, right, border, fill)
  }
}

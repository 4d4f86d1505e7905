// The least or the greatest value of a window, down columns and along rows: erode and dilate differ in nothing
// else. Bytes are compared whatever the channels; a step sideways is one pixel.
//
// Small windows look at every tap of a column, and put what they find for neighbouring columns together at once.
//
// Larger ones are made down the columns, then along the rows. Down columns that is van Herk's method: at the first row of a block of
// 2 radius + 1 rows the window is a whole block, and the extremes of its taps k … 2 radius ("rest k") are kept
// for k >= 1. i rows later the window is rest i of that block and i rows of the next one, whose extreme grows
// by a row at a time. That is three operations a row at any radius.
//
// Along rows, an extreme of p pixels becomes one of 4 p pixels by taking four of them p pixels apart, until four of
// them cover the window; they may overlap.
//
// The state is a word, 0 at the first row of a strip, and after its first 64 bytes: down columns the extreme of
// the next block and the rests 1 … 2 radius, a row each; along rows the extremes of p pixels of one tile.

import { Stage } from './stage'
import { pixelAfter, pixelBefore, pixelsAfter, pixelsBefore } from './vector'

// Bytes of a row that are made at a time, so that extremes of extremes stay in the first cache.
const EXTREMES_BYTES: usize = 4096

// `least` is a constant where this is inlined, so that one of the two remains.
// @ts-ignore: decorator
@inline
function pick(a: v128, b: v128, least: bool): v128 {
  return least ? i8x16.min_u(a, b) : i8x16.max_u(a, b)
}

// The loops below take 64 bytes a turn, since most of a shorter one would be its own arithmetic on addresses. They
// read and write up to 63 bytes past `n`.

// dst[x] = extreme of a[x] and b[x].
// @ts-ignore: decorator
@inline
function pickTwo(a: usize, b: usize, dst: usize, n: usize, least: bool): void {
  for (let x: usize = 0; x < n; x += 64) {
    const p = a + x
    const q = b + x
    const out = dst + x
    v128.store(out, pick(v128.load(p), v128.load(q), least))
    v128.store(out, pick(v128.load(p, 16), v128.load(q, 16), least), 16)
    v128.store(out, pick(v128.load(p, 32), v128.load(q, 32), least), 32)
    v128.store(out, pick(v128.load(p, 48), v128.load(q, 48), least), 48)
  }
}

// dst[x] = extreme of src at x, x + a, x + b and x + c. dst may be src: reads go ahead of writes.
// @ts-ignore: decorator
@inline
function pickFour(src: usize, dst: usize, n: usize, a: usize, b: usize, c: usize, least: bool): void {
  for (let x: usize = 0; x < n; x += 32) {
    const p = src + x
    const out = dst + x
    const low = pick(pick(v128.load(p), v128.load(p + a), least), pick(v128.load(p + b), v128.load(p + c), least), least)
    const high = pick(pick(v128.load(p, 16), v128.load(p + a, 16), least), pick(v128.load(p + b, 16), v128.load(p + c, 16), least), least)
    v128.store(out, low)
    v128.store(out, high, 16)
  }
}

// @ts-ignore: decorator
@inline
function stateRowBytes(bytes: usize): usize {
  return ((bytes + 63) & ~63) + 64
}

// @ts-ignore: decorator
@inline
export function extremeY(rows: usize, dst: usize, stage: Stage, radius: i32, least: bool): void {
  const n = <usize>(stage.width * stage.channels)
  const last = rows + (<usize>radius << 3)
  const newest = <usize>load<u32>(last)
  const rowBytes = stateRowBytes(n)
  const grown = stage.state + 64
  const i = load<i32>(stage.state)
  store<i32>(stage.state, i == 2 * radius ? 0 : i + 1)
  if (i == 0) {
    // Rest k is at `grown + k * rowBytes`.
    let rest = grown + (<usize>radius << 1) * rowBytes
    memory.copy(rest, newest, n)
    for (let tap = last - 4; tap > rows; tap -= 4, rest -= rowBytes) pickTwo(rest, <usize>load<u32>(tap), rest - rowBytes, n, least)
    pickTwo(rest, <usize>load<u32>(rows), dst, n, least)
    return
  }
  const rest = grown + <usize>i * rowBytes
  if (i == 1) {
    memory.copy(grown, newest, n)
    pickTwo(newest, rest, dst, n, least)
    return
  }
  for (let x: usize = 0; x < n; x += 32) {
    const g = grown + x
    const low = pick(v128.load(g), v128.load(newest + x), least)
    const high = pick(v128.load(g, 16), v128.load(newest + x, 16), least)
    v128.store(g, low)
    v128.store(g, high, 16)
    v128.store(dst + x, pick(low, v128.load(rest + x), least))
    v128.store(dst + x, pick(high, v128.load(rest + x, 16), least), 16)
  }
}

// @ts-ignore: decorator
@inline
export function extremeX(rows: usize, dst: usize, stage: Stage, radius: i32, least: bool): void {
  const n = <usize>(stage.width * stage.channels)
  const step = <usize>stage.channels
  const reach = <usize>radius * step
  // The window of byte x begins at src + x.
  const src = <usize>load<u32>(rows) - reach
  const extremes = stage.state + 64
  const window = (reach << 1) + step
  for (let x: usize = 0; x < n; x += EXTREMES_BYTES) {
    const tile = min(EXTREMES_BYTES, n - x)
    let from = src + x
    // `covered` bytes of the window are in each extreme.
    let covered = step
    do {
      // What lies further right is in no window.
      pickFour(from, extremes, tile + window - (covered << 2), covered, covered << 1, covered * 3, least)
      from = extremes
      covered <<= 2
    } while (covered << 2 < window)
    if (window <= covered << 1) pickTwo(from, from + (window - covered), dst + x, tile, least)
    else pickFour(from, dst + x, tile, covered, min(covered << 1, window - covered), window - covered, least)
  }
}

// Sixteen bytes of a square's columns.
// @ts-ignore: decorator
@inline
function pickColumns(a: usize, b: usize, c: usize, d: usize, e: usize, five: bool, least: bool): v128 {
  const v = pick(pick(v128.load(a), v128.load(b), least), v128.load(c), least)
  return five ? pick(v, pick(v128.load(d), v128.load(e), least), least) : v
}

// Sixteen bytes of squares, from columns, the columns after them, and the extremes of each column and the next one, here and
// before.
// @ts-ignore: decorator
@inline
function pickPairs(column: v128, after: v128, pair: v128, before: v128, five: bool, four: bool, least: bool): v128 {
  return five
    ? pick(pixelsBefore(before, pair, four), pick(pair, pixelsAfter(column, after, four), least), least)
    : pick(pixelBefore(before, pair, four), pair, least)
}

// Squares of three by three, or of five by five. `four`: pixels have four channels.
// @ts-ignore: decorator
@inline
function pickSquares(rows: usize, dst: usize, n: usize, five: bool, four: bool, least: bool): void {
  const a = <usize>load<u32>(rows)
  const b = <usize>load<u32>(rows, 4)
  const c = <usize>load<u32>(rows, 8)
  const d = five ? <usize>load<u32>(rows, 12) : 0
  const e = five ? <usize>load<u32>(rows, 16) : 0
  let column0 = pickColumns(a - 16, b - 16, c - 16, d - 16, e - 16, five, least)
  let column1 = pickColumns(a, b, c, d, e, five, least)
  let pair0 = pick(column0, pixelAfter(column0, column1, four), least)
  for (let x: usize = 0; x < n; x += 32) {
    const y = x + 16
    const z = x + 32
    const column2 = pickColumns(a + y, b + y, c + y, d + y, e + y, five, least)
    const pair1 = pick(column1, pixelAfter(column1, column2, four), least)
    v128.store(dst + x, pickPairs(column1, column2, pair1, pair0, five, four, least))
    column1 = pickColumns(a + z, b + z, c + z, d + z, e + z, five, least)
    pair0 = pick(column2, pixelAfter(column2, column1, four), least)
    v128.store(dst + x, pickPairs(column2, column1, pair0, pair1, five, four, least), 16)
  }
}

/** A row of squares, whose ends are wrong (patch.ts). */
// @ts-ignore: decorator
@inline
export function extremeRow(rows: usize, dst: usize, n: usize, channels: i32, radius: i32, least: bool): void {
  if (radius == 1) {
    if (channels == 4) pickSquares(rows, dst, n, false, true, least)
    else pickSquares(rows, dst, n, false, false, least)
  } else {
    if (channels == 4) pickSquares(rows, dst, n, true, true, least)
    else pickSquares(rows, dst, n, true, false, least)
  }
}

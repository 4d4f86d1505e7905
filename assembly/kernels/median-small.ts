// median_3x3, median_5x5: the middle of 9 or 25 values, of every channel. Exact: it is one of them.
//
// Columns are sorted first, and a sorted column serves every window that it is in. Then each rank is sorted across the
// columns of the window, which leaves the columns sorted. Value (i, j), rank i and place j from 0 to k - 1, now has
// (i + 1) (j + 1) - 1 others that are not greater and (k - i) (k - j) - 1 that are not less, so that few can be the
// middle one, and of each rank only those are made.
//   3x3: (0, 2), (1, 1) and (2, 0) can be, with three others on either side; it is the middle of them.
//   5x5: those with i + j = 3, 4 or 5 can be, in order p0 … p3, q0 … q4 and s0 … s3, with six others on either side. Any m
//   of the p stand below m + 1 of the q, so that p_i <= q_i; likewise s_i >= q_(i + 1). So q2 has p0, p1, p2, q0
//   and q1 below it and q3, q4, s1, s2 and s3 above; it is the middle unless p3 and s0 are both on one side of it,
//   and then the nearer of them is, since p3 <= q3 and s0 >= q1. Either way it is the middle of p3, q2 and s0.

import { PATCH_BYTES, fillPatch, keepPatch, patchResult } from '../lib/patch'
import { Stage } from '../lib/stage'
import { pixelAfter, pixelBefore } from '../lib/vector'

// @ts-ignore: decorator
@inline
function low(a: v128, b: v128): v128 {
  return i8x16.min_u(a, b)
}

// @ts-ignore: decorator
@inline
function high(a: v128, b: v128): v128 {
  return i8x16.max_u(a, b)
}

// @ts-ignore: decorator
@inline
function middleOfThree(a: v128, b: v128, c: v128): v128 {
  return high(low(a, b), low(high(a, b), c))
}

// @ts-ignore: decorator
@inline
function middleOfFive(a: v128, b: v128, c: v128, d: v128, e: v128): v128 {
  // Neither the least of two pairs' least nor the greatest of their greatest is the middle.
  return middleOfThree(high(low(a, b), low(c, d)), low(high(a, b), high(c, d)), e)
}

// The medians of sixteen windows, from the ranks of the columns before, at and after them.
// @ts-ignore: decorator
@inline
function middleOfNine(
  least0: v128, least1: v128, least2: v128,
  middle0: v128, middle1: v128, middle2: v128,
  most0: v128, most1: v128, most2: v128,
  four: bool,
): v128 {
  return middleOfThree(
    high(high(pixelBefore(least0, least1, four), least1), pixelAfter(least1, least2, four)),
    middleOfThree(pixelBefore(middle0, middle1, four), middle1, pixelAfter(middle1, middle2, four)),
    low(low(pixelBefore(most0, most1, four), most1), pixelAfter(most1, most2, four)),
  )
}

// @ts-ignore: decorator
@inline
function median3x3(rows: usize, dst: usize, n: usize, four: bool): void {
  const a = <usize>load<u32>(rows)
  const b = <usize>load<u32>(rows, 4)
  const c = <usize>load<u32>(rows, 8)
  // The ranks of the columns before the output at hand, and at it.
  let u = v128.load(a - 16)
  let v = v128.load(b - 16)
  let w = v128.load(c - 16)
  let least0 = low(low(u, v), w)
  let middle0 = middleOfThree(u, v, w)
  let most0 = high(high(u, v), w)
  u = v128.load(a)
  v = v128.load(b)
  w = v128.load(c)
  let least1 = low(low(u, v), w)
  let middle1 = middleOfThree(u, v, w)
  let most1 = high(high(u, v), w)
  // Two vectors a turn, so that these move on half as often.
  for (let x: usize = 0; x < n; x += 32) {
    u = v128.load(a + x, 16)
    v = v128.load(b + x, 16)
    w = v128.load(c + x, 16)
    const least2 = low(low(u, v), w)
    const middle2 = middleOfThree(u, v, w)
    const most2 = high(high(u, v), w)
    v128.store(dst + x, middleOfNine(least0, least1, least2, middle0, middle1, middle2, most0, most1, most2, four))
    u = v128.load(a + x, 32)
    v = v128.load(b + x, 32)
    w = v128.load(c + x, 32)
    least0 = least2
    middle0 = middle2
    most0 = most2
    const least3 = low(low(u, v), w)
    const middle3 = middleOfThree(u, v, w)
    const most3 = high(high(u, v), w)
    v128.store(dst + x, middleOfNine(least1, least2, least3, middle1, middle2, middle3, most1, most2, most3, four), 16)
    least1 = least3
    middle1 = middle3
    most1 = most3
  }
}

function row3x3(rows: usize, dst: usize, n: usize, channels: i32): void {
  if (channels == 4) median3x3(rows, dst, n, true)
  else median3x3(rows, dst, n, false)
}

export function median_3x3(rows: usize, dst: usize, stage: Stage): void {
  const channels = stage.channels
  row3x3(rows, dst, <usize>(stage.width * channels), channels)
  const patch = stage.state + 64
  for (let end = 0; end < 2; end++) {
    fillPatch(patch, rows, stage, 1, end)
    row3x3(patch, patchResult(patch), 16, channels)
    keepPatch(patch, dst, stage, end)
  }
}

// Sorted columns of a tile, in the state behind the patch: five ranks.
const TILE_BYTES: usize = 1024
// A tile with sixteen bytes more on either side, and 32 to spare.
const RANK_BYTES: usize = 1088

// Sorts sixteen columns of five rows, by a network of nine comparisons.
// @ts-ignore: decorator
@inline
function sortColumns(a: v128, b: v128, c: v128, d: v128, e: v128, ranks: usize): void {
  const a1 = low(a, b)
  const b1 = high(a, b)
  const d1 = low(d, e)
  const e1 = high(d, e)
  const c2 = low(c, e1)
  const e2 = high(c, e1)
  const c3 = low(c2, d1)
  const d3 = high(c2, d1)
  const b4 = low(b1, e2)
  const a5 = low(a1, d3)
  const d5 = high(a1, d3)
  const a6 = low(a5, c3)
  const c6 = high(a5, c3)
  const b7 = low(b4, d5)
  v128.store(ranks, a6)
  v128.store(ranks, low(b7, c6), RANK_BYTES)
  v128.store(ranks, high(b7, c6), 2 * RANK_BYTES)
  v128.store(ranks, high(b4, d5), 3 * RANK_BYTES)
  v128.store(ranks, high(b1, e2), 4 * RANK_BYTES)
}

// The medians of sixteen windows that begin at `ranks`. T is as large as a pixel.
// @ts-ignore: decorator
@inline
function middleOfSquare<T>(ranks: usize): v128 {
  // Rank 0: the greatest two of five, from the greatest two of four.
  let v0 = v128.load(ranks)
  let v1 = v128.load(ranks, sizeof<T>())
  let v2 = v128.load(ranks, 2 * sizeof<T>())
  let v3 = v128.load(ranks, 3 * sizeof<T>())
  let v4 = v128.load(ranks, 4 * sizeof<T>())
  let most = high(high(v0, v1), high(v2, v3))
  let more = high(low(high(v0, v1), high(v2, v3)), high(low(v0, v1), low(v2, v3)))
  const a4 = high(most, v4)
  const a3 = high(more, low(most, v4))

  // Rank 1: the greatest three of five.
  v0 = v128.load(ranks, RANK_BYTES)
  v1 = v128.load(ranks, RANK_BYTES + sizeof<T>())
  v2 = v128.load(ranks, RANK_BYTES + 2 * sizeof<T>())
  v3 = v128.load(ranks, RANK_BYTES + 3 * sizeof<T>())
  v4 = v128.load(ranks, RANK_BYTES + 4 * sizeof<T>())
  most = high(high(v0, v1), high(v2, v3))
  let x = low(high(v0, v1), high(v2, v3))
  let y = high(low(v0, v1), low(v2, v3))
  const b4 = high(most, v4)
  v4 = low(most, v4)
  const b3 = high(high(x, y), v4)
  const b2 = high(low(x, y), low(high(x, y), v4))

  // Rank 2: the middle three of five.
  v0 = v128.load(ranks, 2 * RANK_BYTES)
  v1 = v128.load(ranks, 2 * RANK_BYTES + sizeof<T>())
  v2 = v128.load(ranks, 2 * RANK_BYTES + 2 * sizeof<T>())
  v3 = v128.load(ranks, 2 * RANK_BYTES + 3 * sizeof<T>())
  v4 = v128.load(ranks, 2 * RANK_BYTES + 4 * sizeof<T>())
  most = high(high(v0, v1), high(v2, v3))
  x = low(high(v0, v1), high(v2, v3))
  y = high(low(v0, v1), low(v2, v3))
  v4 = high(low(low(v0, v1), low(v2, v3)), v4)
  const c1 = low(low(x, y), v4)
  v4 = high(low(x, y), v4)
  const c2 = low(high(x, y), v4)
  const c3 = low(most, high(high(x, y), v4))

  // Rank 3: the least three of five.
  v0 = v128.load(ranks, 3 * RANK_BYTES)
  v1 = v128.load(ranks, 3 * RANK_BYTES + sizeof<T>())
  v2 = v128.load(ranks, 3 * RANK_BYTES + 2 * sizeof<T>())
  v3 = v128.load(ranks, 3 * RANK_BYTES + 3 * sizeof<T>())
  v4 = v128.load(ranks, 3 * RANK_BYTES + 4 * sizeof<T>())
  let least = low(low(v0, v1), low(v2, v3))
  x = low(high(v0, v1), high(v2, v3))
  y = high(low(v0, v1), low(v2, v3))
  const d0 = low(least, v4)
  v4 = high(least, v4)
  const d1 = low(low(x, y), v4)
  const d2 = low(high(x, y), high(low(x, y), v4))

  // Rank 4: the least two of five.
  v0 = v128.load(ranks, 4 * RANK_BYTES)
  v1 = v128.load(ranks, 4 * RANK_BYTES + sizeof<T>())
  v2 = v128.load(ranks, 4 * RANK_BYTES + 2 * sizeof<T>())
  v3 = v128.load(ranks, 4 * RANK_BYTES + 3 * sizeof<T>())
  v4 = v128.load(ranks, 4 * RANK_BYTES + 4 * sizeof<T>())
  least = low(low(v0, v1), low(v2, v3))
  const less = low(low(high(v0, v1), high(v2, v3)), high(low(v0, v1), low(v2, v3)))
  const e0 = low(least, v4)
  const e1 = low(less, high(least, v4))

  return middleOfThree(high(high(a3, b2), high(c1, d0)), middleOfFive(a4, b3, c2, d1, e0), low(low(b4, c3), low(d2, e1)))
}

// @ts-ignore: decorator
@inline
function median5x5<T>(rows: usize, dst: usize, n: usize, ranks: usize): void {
  const a = <usize>load<u32>(rows)
  const b = <usize>load<u32>(rows, 4)
  const c = <usize>load<u32>(rows, 8)
  const d = <usize>load<u32>(rows, 12)
  const e = <usize>load<u32>(rows, 16)
  for (let from: usize = 0; from < n; from += TILE_BYTES) {
    const tile = min(TILE_BYTES, n - from)
    for (let x: usize = 0; x < tile + 32; x += 16) {
      const at = from + x - 16
      sortColumns(v128.load(a + at), v128.load(b + at), v128.load(c + at), v128.load(d + at), v128.load(e + at), ranks + x)
    }
    const window = ranks + 16 - 2 * sizeof<T>()
    for (let x: usize = 0; x < tile; x += 16) v128.store(dst + from + x, middleOfSquare<T>(window + x))
  }
}

function row5x5(rows: usize, dst: usize, n: usize, ranks: usize, channels: i32): void {
  if (channels == 4) median5x5<u32>(rows, dst, n, ranks)
  else median5x5<u8>(rows, dst, n, ranks)
}

export function median_5x5(rows: usize, dst: usize, stage: Stage): void {
  const channels = stage.channels
  const patch = stage.state + 64
  const ranks = patch + PATCH_BYTES
  row5x5(rows, dst, <usize>(stage.width * channels), ranks, channels)
  for (let end = 0; end < 2; end++) {
    fillPatch(patch, rows, stage, 2, end)
    row5x5(patch, patchResult(patch), 16, ranks, channels)
    keepPatch(patch, dst, stage, end)
  }
}

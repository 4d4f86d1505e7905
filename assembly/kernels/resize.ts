// resize_y: out = (sum of w[y][k] * in[starts[y] + k] + 2^(shift - 1)) >> shift over the taps of row y, where `in` is
//   i16 with 6 fractional bits, or u8, which counts as in * 64. resize_x: the same along the row. Where rows of u8 are
//   written, they are (that + 32) >> 6, clamped. Every channel alike.
// resize_half: the mean of four pixels, (a + b + c + d + 2) >> 2, u8: what the box kernel comes to where both axes are
//   halved and nothing is premultiplied. Its sums are 16 (a + b + c + d) with 6 fractional bits, and exact.
// resize_nearest: out[x] = in[starts[x]] in the row that stands for y. Exact copies.
//
// The weights of a place sum to 2^shift, shift being 14 or 15. Those of Lanczos overshoot: the sum of |w| is at most
// 1.6 * 2^shift (tests/unit/resample.test.ts), so that a value is at most 1.3 * 16320 = 21216 after one axis and, as
// 1.3^2 + 0.3^2 < 2, below 32640 after two: both fit i16, with room for the 32 that rounds. A sum is at most
// 21216 * 1.6 * 2^15 = 1,112,329,421.
// Two taps at a time: interleaved, they are one dot product of i16. `taps` is even, and the tables hold weights of 0
// for taps that only fill a vector.
//
// Where bilinear halves an axis, the weights are 1/8, 3/8, 3/8, 1/8 but at the two ends, and sums fit 16 bits. From u8 they
// are 8 (a + d + 3 (b + c)), at most 16320. Rows of i16 are 0 to 16320 there: with m = b + c and t = a + d - m, the sum is
// (4 m + t + 4) >> 3, which is (m + (t >> 2) + 1) >> 1, as floors of floors are one; m + (t >> 2) is 0 to 32640.

import { pinned } from '../lib/pinned'
import { addPairsI32, evenI32, evenI64, halfI16, oddI32, oddI64, roundI16, storeRounded, zipHighI16, zipHighI8, zipLowI16, zipLowI8 } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class ResizeYParams {
  taps!: i32
  shift!: i32
  weights!: usize // i16, `taps` a row
}

@unmanaged
class ResizeXParams {
  taps!: i32
  stride!: i32 // weights from one place to the next: `taps` with four channels; with one 4 or a multiple of 8
  shift!: i32
  starts!: usize // i32; this list and the weights go on to a multiple of four places
  weights!: usize // i16
}

@unmanaged
class ResizeNearestParams {
  starts!: usize // i32
}

/** Half of the last place that is left of sums of weights with elements of type In. */
// @ts-ignore: decorator
@inline
function halfOf<In>(shift: i32): v128 {
  return pinned(i32x4.splat(1 << (shift - 1 - (sizeof<In>() == 1 ? 6 : 0))))
}

/** Sums as eight i16 with 6 fractional bits. A shift that is known beforehand is one instruction, any other four. */
// @ts-ignore: decorator
@inline
function wideOf<In>(s0: v128, s1: v128, shift: i32): v128 {
  const places = sizeof<In>() == 1 ? 6 : 0
  if (shift == 15) return i16x8.narrow_i32x4_s(i32x4.shr_s(s0, 15 - places), i32x4.shr_s(s1, 15 - places))
  return i16x8.narrow_i32x4_s(i32x4.shr_s(s0, 14 - places), i32x4.shr_s(s1, 14 - places))
}

/** Stores sixteen sums, in order, as elements of type Out. */
// @ts-ignore: decorator
@inline
function store16<In, Out>(dst: usize, s0: v128, s1: v128, s2: v128, s3: v128, shift: i32, halfOut: v128): void {
  storeRounded<Out>(dst, wideOf<In>(s0, s1, shift), wideOf<In>(s2, s3, shift), halfOut)
}

// Bytes: thirty-two elements at a time, since finding rows and weights costs as much as a few products.
// @ts-ignore: decorator
@inline
function columnSumsU8<Out>(rows: usize, dst: usize, n: usize, weights: usize, taps: i32, shift: i32): void {
  const half = halfOf<u8>(shift)
  const halfOut = pinned(halfI16())
  const end = rows + (<usize>taps << 2)
  for (let x: usize = 0; x < n; x += 32) {
    let s0 = half
    let s1 = half
    let s2 = half
    let s3 = half
    let s4 = half
    let s5 = half
    let s6 = half
    let s7 = half
    for (let row = rows, w = weights; row < end; row += 8, w += 4) {
      const a = <usize>load<u32>(row) + x
      const b = <usize>load<u32>(row, 4) + x
      const ww = v128.load32_splat(w)
      const p = v128.load(a)
      const q = v128.load(b)
      const z0 = zipLowI8(p, q)
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(z0), ww))
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(z0), ww))
      const z1 = zipHighI8(p, q)
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(z1), ww))
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(z1), ww))
      const r = v128.load(a, 16)
      const t = v128.load(b, 16)
      const z2 = zipLowI8(r, t)
      s4 = i32x4.add(s4, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(z2), ww))
      s5 = i32x4.add(s5, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(z2), ww))
      const z3 = zipHighI8(r, t)
      s6 = i32x4.add(s6, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(z3), ww))
      s7 = i32x4.add(s7, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(z3), ww))
    }
    const out = dst + x * sizeof<Out>()
    store16<u8, Out>(out, s0, s1, s2, s3, shift, halfOut)
    store16<u8, Out>(out + 16 * sizeof<Out>(), s4, s5, s6, s7, shift, halfOut)
  }
}

// Sixteen elements at a time: with rows of i16 more sums than that do not fit the registers.
// @ts-ignore: decorator
@inline
function columnSumsI16(rows: usize, dst: usize, n: usize, weights: usize, taps: i32, shift: i32): void {
  const half = halfOf<i16>(shift)
  const end = rows + (<usize>taps << 2)
  for (let x: usize = 0; x < n; x += 16) {
    const at = x << 1
    let s0 = half
    let s1 = half
    let s2 = half
    let s3 = half
    for (let row = rows, w = weights; row < end; row += 8, w += 4) {
      const a = <usize>load<u32>(row) + at
      const b = <usize>load<u32>(row, 4) + at
      const ww = v128.load32_splat(w)
      const p0 = v128.load(a)
      const q0 = v128.load(b)
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(zipLowI16(p0, q0), ww))
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(zipHighI16(p0, q0), ww))
      const p1 = v128.load(a, 16)
      const q1 = v128.load(b, 16)
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(zipLowI16(p1, q1), ww))
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(zipHighI16(p1, q1), ww))
    }
    v128.store(dst + at, wideOf<i16>(s0, s1, shift))
    v128.store(dst + at, wideOf<i16>(s2, s3, shift), 16)
  }
}

/** The weights 1/8, 3/8, 3/8, 1/8, as fractions of 2^15: a triangle's where an axis is halved, but at the two ends. */
const EIGHTHS: u64 = 0x1000300030001000

/** 8 (a + 3 b + 3 c + d) of u8. */
// @ts-ignore: decorator
@inline
function eighthsU8(a: usize, b: usize, c: usize, d: usize): v128 {
  const ends = i16x8.add(v128.load_ext<u8>(a), v128.load_ext<u8>(d))
  const middle = i16x8.add(v128.load_ext<u8>(b), v128.load_ext<u8>(c))
  return i16x8.shl(i16x8.add(i16x8.add(ends, middle), i16x8.add(middle, middle)), 3)
}

/** (a + 3 b + 3 c + d) / 4, rounded down: half of it, rounded up, is the sum of eighths rounded half up. */
// @ts-ignore: decorator
@inline
function quarters(a: v128, b: v128, c: v128, d: v128): v128 {
  const middle = i16x8.add(b, c)
  return i16x8.add(middle, i16x8.shr_s(i16x8.sub(i16x8.add(a, d), middle), 2))
}

// @ts-ignore: decorator
@inline
function halfUp(v: v128, one: v128): v128 {
  return i16x8.shr_s(i16x8.add(v, one), 1)
}

// @ts-ignore: decorator
@inline
function columnEighths<In>(rows: usize, dst: usize, n: usize): void {
  const a = <usize>load<u32>(rows)
  const b = <usize>load<u32>(rows, 4)
  const c = <usize>load<u32>(rows, 8)
  const d = <usize>load<u32>(rows, 12)
  const one = pinned(i16x8.splat(1))
  for (let x: usize = 0; x < n * sizeof<In>(); x += 8 * sizeof<In>()) {
    if (sizeof<In>() == 1) v128.store(dst + (x << 1), eighthsU8(a + x, b + x, c + x, d + x))
    else v128.store(dst + x, halfUp(quarters(v128.load(a + x), v128.load(b + x), v128.load(c + x), v128.load(d + x)), one))
  }
}

// Rows of i16 are premultiplied, and stay so.
export function resize_y(rows: usize, dst: usize, stage: Stage): void {
  const params = changetype<ResizeYParams>(stage.params)
  const n = <usize>(stage.width * stage.channels)
  const taps = params.taps
  const weights = params.weights + <usize>stage.next * (<usize>taps << 1)
  const shift = params.shift
  if (stage.bytes == 2 && taps == 4 && load<u64>(weights) == EIGHTHS) {
    if (stage.inputBytes == 1) columnEighths<u8>(rows, dst, n)
    else columnEighths<i16>(rows, dst, n)
  } else if (stage.inputBytes == 2) columnSumsI16(rows, dst, n, weights, taps, shift)
  else if (stage.bytes == 1) columnSumsU8<u8>(rows, dst, n, weights, taps, shift)
  else columnSumsU8<i16>(rows, dst, n, weights, taps, shift)
}

/** Two pixels of four channels as pairs of the same channel. */
// @ts-ignore: decorator
@inline
function pixelPairs<T>(p: usize): v128 {
  const v = sizeof<T>() == 1 ? v128.load_ext<u8>(p) : v128.load(p)
  // Two shuffles that are one instruction each cost less than one that needs a table of bytes.
  return zipLowI16(v, i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7))
}

/** The sum of a pixel from the pairs of its four taps. */
// @ts-ignore: decorator
@inline
function fourTaps(a: v128, b: v128, weights: usize, half: v128): v128 {
  return i32x4.add(i32x4.add(half, i32x4.dot_i16x8_s(a, v128.load32_splat(weights))), i32x4.dot_i16x8_s(b, v128.load32_splat(weights, 4)))
}

// Four channels, four taps. Where an image grows, places share their taps: four of them often all.
// @ts-ignore: decorator
@inline
function rowSums4Few<In, Out>(src: usize, dst: usize, width: i32, params: ResizeXParams): void {
  const shift = params.shift
  const half = halfOf<In>(shift)
  const halfOut = pinned(halfI16())
  const pixelBytes: usize = 4 * sizeof<In>()
  let starts = params.starts
  let weights = params.weights
  for (let x = 0; x < width; x += 4, starts += 16, weights += 32, dst += 16 * sizeof<Out>()) {
    const first = load<i32>(starts)
    let p = src + <usize>first * pixelBytes
    let a = pixelPairs<In>(p)
    let b = pixelPairs<In>(p + 2 * pixelBytes)
    const s0 = fourTaps(a, b, weights, half)
    let s1: v128
    let s2: v128
    let s3: v128
    if (load<i32>(starts, 12) == first) {
      s1 = fourTaps(a, b, weights + 8, half)
      s2 = fourTaps(a, b, weights + 16, half)
      s3 = fourTaps(a, b, weights + 24, half)
    } else {
      p = src + <usize>load<i32>(starts, 4) * pixelBytes
      s1 = fourTaps(pixelPairs<In>(p), pixelPairs<In>(p + 2 * pixelBytes), weights + 8, half)
      p = src + <usize>load<i32>(starts, 8) * pixelBytes
      s2 = fourTaps(pixelPairs<In>(p), pixelPairs<In>(p + 2 * pixelBytes), weights + 16, half)
      p = src + <usize>load<i32>(starts, 12) * pixelBytes
      s3 = fourTaps(pixelPairs<In>(p), pixelPairs<In>(p + 2 * pixelBytes), weights + 24, half)
    }
    store16<In, Out>(dst, s0, s1, s2, s3, shift, halfOut)
  }
}

/** The sum of a pixel from two taps. */
// @ts-ignore: decorator
@inline
function twoTaps<T>(src: usize, start: usize, weights: usize, half: v128): v128 {
  const p = src + <usize>load<i32>(start) * (4 * sizeof<T>())
  return i32x4.add(half, i32x4.dot_i16x8_s(pixelPairs<T>(p), v128.load32_splat(weights)))
}

// @ts-ignore: decorator
@inline
function rowSums4Two<In, Out>(src: usize, dst: usize, width: i32, params: ResizeXParams): void {
  const shift = params.shift
  const half = halfOf<In>(shift)
  const halfOut = pinned(halfI16())
  let starts = params.starts
  let weights = params.weights
  for (let x = 0; x < width; x += 4, starts += 16, weights += 16, dst += 16 * sizeof<Out>()) {
    const s0 = twoTaps<In>(src, starts, weights, half)
    const s1 = twoTaps<In>(src, starts + 4, weights + 4, half)
    const s2 = twoTaps<In>(src, starts + 8, weights + 8, half)
    const s3 = twoTaps<In>(src, starts + 12, weights + 12, half)
    store16<In, Out>(dst, s0, s1, s2, s3, shift, halfOut)
  }
}

// Four channels: a vector of sums is a pixel, and four of them are made at once.
// @ts-ignore: decorator
@inline
function rowSums4<In, Out>(src: usize, dst: usize, width: i32, params: ResizeXParams): void {
  const shift = params.shift
  const half = halfOf<In>(shift)
  const halfOut = pinned(halfI16())
  const taps = params.taps
  const pixelBytes: usize = 4 * sizeof<In>()
  const weightBytes = <usize>params.stride << 1
  let starts = params.starts
  let weights = params.weights
  for (let x = 0; x < width; x += 4, starts += 16, weights += weightBytes << 2, dst += 16 * sizeof<Out>()) {
    let p0 = src + <usize>load<i32>(starts) * pixelBytes
    let p1 = src + <usize>load<i32>(starts, 4) * pixelBytes
    let p2 = src + <usize>load<i32>(starts, 8) * pixelBytes
    let p3 = src + <usize>load<i32>(starts, 12) * pixelBytes
    let w0 = weights
    let w1 = w0 + weightBytes
    let w2 = w1 + weightBytes
    let w3 = w2 + weightBytes
    let s0 = half
    let s1 = half
    let s2 = half
    let s3 = half
    for (let k = 0; k < taps; k += 2) {
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(pixelPairs<In>(p0), v128.load32_splat(w0)))
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(pixelPairs<In>(p1), v128.load32_splat(w1)))
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(pixelPairs<In>(p2), v128.load32_splat(w2)))
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(pixelPairs<In>(p3), v128.load32_splat(w3)))
      p0 += 2 * pixelBytes
      p1 += 2 * pixelBytes
      p2 += 2 * pixelBytes
      p3 += 2 * pixelBytes
      w0 += 4
      w1 += 4
      w2 += 4
      w3 += 4
    }
    store16<In, Out>(dst, s0, s1, s2, s3, shift, halfOut)
  }
}

/** Two places, four channels: `v0` begins one pixel before twice the first of them. */
// @ts-ignore: decorator
@inline
function rowQuarters(v0: v128, v1: v128, v2: v128): v128 {
  return quarters(evenI64(v0, v1), oddI64(v0, v1), evenI64(v1, v2), oddI64(v1, v2))
}

/** Makes one place by its own weights, after its neighbours. */
// @ts-ignore: decorator
@inline
function onePlace<Out>(src: usize, dst: usize, x: usize, params: ResizeXParams): void {
  const p = src + (<usize>load<i32>(params.starts + (x << 2)) << 3)
  const sum = fourTaps(pixelPairs<i16>(p), pixelPairs<i16>(p + 16), params.weights + (x << 3), halfOf<i16>(15))
  const wide = wideOf<i16>(sum, sum, 15)
  const to = dst + x * (4 * sizeof<Out>())
  if (sizeof<Out>() == 1) {
    const narrow = roundI16(wide, halfI16())
    v128.store32_lane(to, i8x16.narrow_i16x8_u(narrow, narrow), 0)
  } else {
    v128.store64_lane(to, wide, 0)
  }
}

// Four channels, rows of i16 that are halved. All places but the two ends have the weights of the second.
// @ts-ignore: decorator
@inline
function rowEighths4<Out>(src: usize, dst: usize, width: i32, params: ResizeXParams): void {
  const one = pinned(i16x8.splat(1))
  const halfOut = pinned(halfI16())
  let p = src - 8
  let to = dst
  for (let x = 0; x < width; x += 4, p += 64, to += 16 * sizeof<Out>()) {
    const v2 = v128.load(p, 32)
    const low = rowQuarters(v128.load(p), v128.load(p, 16), v2)
    const high = rowQuarters(v2, v128.load(p, 48), v128.load(p, 64))
    storeRounded<Out>(to, halfUp(low, one), halfUp(high, one), halfOut)
  }
  onePlace<Out>(src, dst, 0, params)
  onePlace<Out>(src, dst, width - 1, params)
}

/** Four places of one channel, of four taps each: two at a time, one above the other in a vector. */
// @ts-ignore: decorator
@inline
function twoPlaces<T>(p: usize, q: usize, weights: usize): v128 {
  const v = sizeof<T>() == 1
    ? i16x8.extend_low_i8x16_u(v128.load32_lane(q, v128.load32_zero(p), 1))
    : v128.load64_lane(q, v128.load64_zero(p), 1)
  return i32x4.dot_i16x8_s(v, v128.load(weights))
}

// One channel: four places at a time, eight taps of each in a vector.
// @ts-ignore: decorator
@inline
function rowSums1<In, Out>(src: usize, dst: usize, width: i32, params: ResizeXParams): void {
  const shift = params.shift
  const half = halfOf<In>(shift)
  const halfOut = pinned(halfI16())
  const weightBytes = <usize>params.stride << 1
  let starts = params.starts
  let weights = params.weights
  for (let x = 0; x < width; x += 4, starts += 16, weights += weightBytes << 2, dst += 4 * sizeof<Out>()) {
    let p0 = src + <usize>load<i32>(starts) * sizeof<In>()
    let p1 = src + <usize>load<i32>(starts, 4) * sizeof<In>()
    let p2 = src + <usize>load<i32>(starts, 8) * sizeof<In>()
    let p3 = src + <usize>load<i32>(starts, 12) * sizeof<In>()
    let sums: v128
    if (weightBytes == 8) {
      sums = addPairsI32(twoPlaces<In>(p0, p1, weights), twoPlaces<In>(p2, p3, weights + 16))
    } else {
      let s0 = i32x4.splat(0)
      let s1 = i32x4.splat(0)
      let s2 = i32x4.splat(0)
      let s3 = i32x4.splat(0)
      const end = weights + weightBytes
      for (let w = weights; w < end; w += 16) {
        s0 = i32x4.add(s0, i32x4.dot_i16x8_s(eight<In>(p0), v128.load(w)))
        s1 = i32x4.add(s1, i32x4.dot_i16x8_s(eight<In>(p1), v128.load(w + weightBytes)))
        s2 = i32x4.add(s2, i32x4.dot_i16x8_s(eight<In>(p2), v128.load(w + 2 * weightBytes)))
        s3 = i32x4.add(s3, i32x4.dot_i16x8_s(eight<In>(p3), v128.load(w + 3 * weightBytes)))
        p0 += 8 * sizeof<In>()
        p1 += 8 * sizeof<In>()
        p2 += 8 * sizeof<In>()
        p3 += 8 * sizeof<In>()
      }
      sums = addPairsI32(addPairsI32(s0, s1), addPairsI32(s2, s3))
    }
    sums = i32x4.add(sums, half)
    const wide = wideOf<In>(sums, sums, shift)
    if (sizeof<Out>() == 1) {
      const narrow = roundI16(wide, halfOut)
      v128.store32_lane(dst, i8x16.narrow_i16x8_u(narrow, narrow), 0)
    } else {
      v128.store64_lane(dst, wide, 0)
    }
  }
}

// @ts-ignore: decorator
@inline
function eight<T>(p: usize): v128 {
  return sizeof<T>() == 1 ? v128.load_ext<u8>(p) : v128.load(p)
}

// @ts-ignore: decorator
@inline
function rowSums<In, Out>(src: usize, dst: usize, stage: Stage, params: ResizeXParams): void {
  if (stage.channels == 4 && params.stride == 2) rowSums4Two<In, Out>(src, dst, stage.width, params)
  else if (sizeof<In>() == 2 && stage.channels == 4 && params.stride == 4 && 2 * stage.width == stage.inputWidth && load<u64>(params.weights, 8) == EIGHTHS) rowEighths4<Out>(src, dst, stage.width, params)
  else if (stage.channels == 4 && params.stride == 4) rowSums4Few<In, Out>(src, dst, stage.width, params)
  else if (stage.channels == 4) rowSums4<In, Out>(src, dst, stage.width, params)
  else rowSums1<In, Out>(src, dst, stage.width, params)
}

export function resize_x(rows: usize, dst: usize, stage: Stage): void {
  const params = changetype<ResizeXParams>(stage.params)
  const src = <usize>load<u32>(rows)
  if (stage.inputBytes == 1) rowSums<u8, u8>(src, dst, stage, params)
  else if (stage.bytes == 1) rowSums<i16, u8>(src, dst, stage, params)
  else rowSums<i16, i16>(src, dst, stage, params)
}

/**
 * Sixteen means of four, rounded half up. A mean of means, each rounded up, is 1 too large where the means differ in
 * parity and one of the two was rounded.
 */
// @ts-ignore: decorator
@inline
function meansOf(a: v128, b: v128, c: v128, d: v128, one: v128): v128 {
  const ab = i8x16.avgr_u(a, b)
  const cd = i8x16.avgr_u(c, d)
  const excess = v128.and(v128.or(v128.xor(a, b), v128.xor(c, d)), v128.xor(ab, cd))
  return i8x16.sub(i8x16.avgr_u(ab, cd), v128.and(excess, one))
}

// Four channels.
// @ts-ignore: decorator
@inline
function halfRow4(above: usize, below: usize, dst: usize, n: usize): void {
  const one = pinned(i8x16.splat(1))
  for (let x: usize = 0; x < n; x += 16, above += 32, below += 32) {
    const a = v128.load(above)
    const b = v128.load(above, 16)
    const c = v128.load(below)
    const d = v128.load(below, 16)
    v128.store(dst + x, meansOf(evenI32(a, b), oddI32(a, b), evenI32(c, d), oddI32(c, d), one))
  }
}

// @ts-ignore: decorator
@inline
function sumsOfFour(above: usize, below: usize): v128 {
  return i16x8.add(i16x8.extadd_pairwise_i8x16_u(v128.load(above)), i16x8.extadd_pairwise_i8x16_u(v128.load(below)))
}

// One channel.
// @ts-ignore: decorator
@inline
function halfRow1(above: usize, below: usize, dst: usize, n: usize): void {
  const two = pinned(i16x8.splat(2))
  for (let x: usize = 0; x < n; x += 16, above += 32, below += 32) {
    const low = i16x8.shr_u(i16x8.add(sumsOfFour(above, below), two), 2)
    const high = i16x8.shr_u(i16x8.add(sumsOfFour(above + 16, below + 16), two), 2)
    v128.store(dst + x, i8x16.narrow_i16x8_u(low, high))
  }
}

export function resize_half(rows: usize, dst: usize, stage: Stage): void {
  const n = <usize>(stage.width * stage.channels)
  const above = <usize>load<u32>(rows)
  const below = <usize>load<u32>(rows, 4)
  if (stage.channels == 4) halfRow4(above, below, dst, n)
  else halfRow1(above, below, dst, n)
}

// The list of starts goes on to a multiple of four places.
export function resize_nearest(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  let starts = changetype<ResizeNearestParams>(stage.params).starts
  const end = dst + <usize>(stage.width * stage.channels)
  if (stage.channels == 4) {
    for (; dst < end; dst += 16, starts += 16) {
      store<u32>(dst, load<u32>(src + (<usize>load<i32>(starts) << 2)))
      store<u32>(dst, load<u32>(src + (<usize>load<i32>(starts, 4) << 2)), 4)
      store<u32>(dst, load<u32>(src + (<usize>load<i32>(starts, 8) << 2)), 8)
      store<u32>(dst, load<u32>(src + (<usize>load<i32>(starts, 12) << 2)), 12)
    }
  } else {
    for (; dst < end; dst += 4, starts += 16) {
      store<u8>(dst, load<u8>(src + <usize>load<i32>(starts)))
      store<u8>(dst, load<u8>(src + <usize>load<i32>(starts, 4)), 1)
      store<u8>(dst, load<u8>(src + <usize>load<i32>(starts, 8)), 2)
      store<u8>(dst, load<u8>(src + <usize>load<i32>(starts, 12)), 3)
    }
  }
}

// gaussian_blur_y: out = (sum of w[|k|] * in[y + k] + 2^14) >> 15, where `in` is i16 with 6 fractional bits,
//   or u8, which counts as in * 64. gaussian_blur_x: the same along the row; where its rows are u8, they are
//   (that + 32) >> 6. Every channel alike.
//
// Weights are Q15 and w[0] + 2 (w[1] + … + w[radius]) = 32768, so a value never leaves the range of its
// inputs. A u8 sum is at most 255 * 32768 = 8,355,840 and 2^14 / 64 = 256 rounds it; an i16 sum is at most
// 16320 * 32768 = 534,773,760. A symmetric pair is at most 32640 and fits i16.
// Two pairs at a time: four rows, interleaved two by two, are one dot product of i16; where there is an odd number of
// pairs, the first goes with the middle. Sixteen elements at a time: more sums than that do not fit the
// registers.

import { pinned } from '../lib/pinned'
import { Stage } from '../lib/stage'
import { halfI16, storeRounded, zipHighI16, zipHighI8, zipLowI16, zipLowI8 } from '../lib/vector'

@unmanaged
class Params {
  radius!: i32
  weights!: usize // i16: w[0] … w[radius]
}

/** The eight elements from 8 * g on, as i16. */
// @ts-ignore: decorator
@inline
function eight<T>(p: usize, g: usize): v128 {
  return sizeof<T>() == 1 ? v128.load_ext<u8>(p + 8 * g) : v128.load(p + 16 * g)
}

// @ts-ignore: decorator
@inline
function pairOf<T>(a: usize, b: usize, g: usize): v128 {
  return i16x8.add(eight<T>(a, g), eight<T>(b, g))
}

// @ts-ignore: decorator
@inline
function lowSum(s: v128, p: v128, q: v128, ww: v128): v128 {
  return i32x4.add(s, i32x4.dot_i16x8_s(zipLowI16(p, q), ww))
}

// @ts-ignore: decorator
@inline
function highSum(s: v128, p: v128, q: v128, ww: v128): v128 {
  return i32x4.add(s, i32x4.dot_i16x8_s(zipHighI16(p, q), ww))
}

// @ts-ignore: decorator
@inline
function wide(low: v128, high: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(low, shift), i32x4.shr_s(high, shift))
}

/** Sums of two elements side by side of two rows, in order: of the first eight of sixteen, and of the others. */
// @ts-ignore: decorator
@inline
function lowPairs(a: v128, b: v128): v128 {
  return i16x8.extadd_pairwise_i8x16_u(zipLowI8(a, b))
}

// @ts-ignore: decorator
@inline
function highPairs(a: v128, b: v128): v128 {
  return i16x8.extadd_pairwise_i8x16_u(zipHighI8(a, b))
}

// T is the type of the rows that are read.
// @ts-ignore: decorator
@inline
function blurY<T>(rows: usize, dst: usize, n: usize, weights: usize, radius: i32): void {
  const shift = sizeof<T>() == 1 ? 9 : 15
  const half = pinned(i32x4.splat(1 << (shift - 1)))
  const middle = rows + (<usize>radius << 2)
  const isOdd = radius & 1
  for (let x: usize = 0; x < n; x += 16) {
    const at = x * sizeof<T>()
    const centre = <usize>load<u32>(middle) + at
    const c0 = eight<T>(centre, 0)
    const c1 = eight<T>(centre, 1)
    // The middle goes with the first pair, or where the pairs are even in number alone.
    let p0 = i16x8.splat(0)
    let p1 = p0
    let above = middle - 4
    let below = middle + 4
    let w = weights + 2
    let ww = i32x4.splat(load<u16>(weights))
    if (isOdd) {
      const a = <usize>load<u32>(above) + at
      const b = <usize>load<u32>(below) + at
      ww = v128.load32_splat(weights)
      p0 = pairOf<T>(a, b, 0)
      p1 = pairOf<T>(a, b, 1)
      above -= 4
      below += 4
      w += 2
    }
    let s0 = lowSum(half, c0, p0, ww)
    let s1 = highSum(half, c0, p0, ww)
    let s2 = lowSum(half, c1, p1, ww)
    let s3 = highSum(half, c1, p1, ww)
    for (; above > rows; above -= 8, below += 8, w += 4) {
      const a = <usize>load<u32>(above) + at
      const b = <usize>load<u32>(below) + at
      const c = <usize>load<u32>(above - 4) + at
      const d = <usize>load<u32>(below, 4) + at
      ww = v128.load32_splat(w)
      if (sizeof<T>() == 1) {
        const a16 = v128.load(a)
        const b16 = v128.load(b)
        const c16 = v128.load(c)
        const d16 = v128.load(d)
        p0 = lowPairs(a16, b16)
        const q0 = lowPairs(c16, d16)
        s0 = lowSum(s0, p0, q0, ww)
        s1 = highSum(s1, p0, q0, ww)
        p1 = highPairs(a16, b16)
        const q1 = highPairs(c16, d16)
        s2 = lowSum(s2, p1, q1, ww)
        s3 = highSum(s3, p1, q1, ww)
      } else {
        p0 = pairOf<T>(a, b, 0)
        const q0 = pairOf<T>(c, d, 0)
        s0 = lowSum(s0, p0, q0, ww)
        s1 = highSum(s1, p0, q0, ww)
        p1 = pairOf<T>(a, b, 1)
        const q1 = pairOf<T>(c, d, 1)
        s2 = lowSum(s2, p1, q1, ww)
        s3 = highSum(s3, p1, q1, ww)
      }
    }
    const out = dst + (x << 1)
    v128.store(out, wide(s0, s1, shift))
    v128.store(out, wide(s2, s3, shift), 16)
  }
}

export function gaussian_blur_y(rows: usize, dst: usize, stage: Stage): void {
  const params = changetype<Params>(stage.params)
  const n = <usize>(stage.width * stage.channels)
  if (stage.inputBytes == 1) blurY<u8>(rows, dst, n, params.weights, params.radius)
  else blurY<i16>(rows, dst, n, params.weights, params.radius)
}

// T is the type of the row that is written.
// @ts-ignore: decorator
@inline
function blurX<T>(src: usize, dst: usize, n: usize, step: usize, weights: usize, radius: i32): void {
  const half = pinned(i32x4.splat(1 << 14))
  const halfOut = pinned(halfI16())
  const reach = <usize>radius * step
  const isOdd = radius & 1
  for (let x: usize = 0; x < n; x += 16) {
    const centre = src + (x << 1)
    const c0 = v128.load(centre)
    const c1 = v128.load(centre, 16)
    let p0 = i16x8.splat(0)
    let p1 = p0
    let a = centre - step
    let b = centre + step
    let w = weights + 2
    let ww = i32x4.splat(load<u16>(weights))
    if (isOdd) {
      ww = v128.load32_splat(weights)
      p0 = pairOf<i16>(a, b, 0)
      p1 = pairOf<i16>(a, b, 1)
      a -= step
      b += step
      w += 2
    }
    let s0 = lowSum(half, c0, p0, ww)
    let s1 = highSum(half, c0, p0, ww)
    let s2 = lowSum(half, c1, p1, ww)
    let s3 = highSum(half, c1, p1, ww)
    for (const end = centre + reach; b < end; w += 4) {
      const c = a - step
      const d = b + step
      ww = v128.load32_splat(w)
      p0 = pairOf<i16>(a, b, 0)
      const q0 = pairOf<i16>(c, d, 0)
      s0 = lowSum(s0, p0, q0, ww)
      s1 = highSum(s1, p0, q0, ww)
      p1 = pairOf<i16>(a, b, 1)
      const q1 = pairOf<i16>(c, d, 1)
      s2 = lowSum(s2, p1, q1, ww)
      s3 = highSum(s3, p1, q1, ww)
      a = c - step
      b = d + step
    }
    storeRounded<T>(dst + x * sizeof<T>(), wide(s0, s1, 15), wide(s2, s3, 15), halfOut)
  }
}

export function gaussian_blur_x(rows: usize, dst: usize, stage: Stage): void {
  const params = changetype<Params>(stage.params)
  const src = <usize>load<u32>(rows)
  const n = <usize>(stage.width * stage.channels)
  const step = <usize>(stage.channels << 1)
  if (stage.bytes == 1) blurX<u8>(src, dst, n, step, params.weights, params.radius)
  else blurX<i16>(src, dst, n, step, params.weights, params.radius)
}

// gaussian_blur_y: out = (sum of w[|k|] * in[y + k] + 2^14) >> 15, where `in` is i16 with 6 fractional bits,
//   or u8, which counts as in * 64. gaussian_blur_x: the same along the row; where its rows are u8, they are
//   (that + 32) >> 6. Every channel alike.
//
// Weights are Q15 and w[0] + 2 (w[1] + … + w[radius]) = 32768, so a value never leaves the range of its
// inputs. A u8 sum is at most 255 * 32768 = 8,355,840 and 2^14 / 64 = 256 rounds it; an i16 sum is at most
// 16320 * 32768 = 534,773,760. A symmetric pair is at most 32640 and fits i16.
// Two pairs at a time: four rows, interleaved two by two, are one dot product of i16.

import { Stage } from '../lib/stage'
import { roundI16, zipHighI16, zipLowI16 } from '../lib/vector'

@unmanaged
class Params {
  radius!: i32
  weights!: usize // i16: w[0] … w[radius]
}

// @ts-ignore: decorator
@inline
function low<T>(p: usize): v128 {
  return sizeof<T>() == 1 ? v128.load_ext<u8>(p) : v128.load(p)
}

// @ts-ignore: decorator
@inline
function high<T>(p: usize): v128 {
  return sizeof<T>() == 1 ? v128.load_ext<u8>(p, 8) : v128.load(p, 16)
}

// Sums of sixteen elements at row offset `x` (in elements of T), through the rows' addresses.
// @ts-ignore: decorator
@inline
function blurY<T>(rows: usize, dst: usize, n: usize, weights: usize, radius: i32): void {
  const shift = sizeof<T>() == 1 ? 9 : 15
  const half = i32x4.splat(1 << (shift - 1))
  const middle = rows + (<usize>radius << 2)
  const centre = <usize>load<u32>(middle)
  const w0 = v128.load16_splat(weights)
  for (let x: usize = 0; x < n; x += 16) {
    const at = x * sizeof<T>()
    const cLow = low<T>(centre + at)
    const cHigh = high<T>(centre + at)
    let s0 = i32x4.extmul_low_i16x8_s(cLow, w0)
    let s1 = i32x4.extmul_high_i16x8_s(cLow, w0)
    let s2 = i32x4.extmul_low_i16x8_s(cHigh, w0)
    let s3 = i32x4.extmul_high_i16x8_s(cHigh, w0)
    let above = middle - 4
    let below = middle + 4
    let w = weights + 2
    let left = radius
    for (; left >= 2; left -= 2, above -= 8, below += 8, w += 4) {
      const a = <usize>load<u32>(above) + at
      const b = <usize>load<u32>(below) + at
      const c = <usize>load<u32>(above - 4) + at
      const d = <usize>load<u32>(below + 4) + at
      const ww = v128.load32_splat(w)
      const pLow = i16x8.add(low<T>(a), low<T>(b))
      const qLow = i16x8.add(low<T>(c), low<T>(d))
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(zipLowI16(pLow, qLow), ww))
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(zipHighI16(pLow, qLow), ww))
      const pHigh = i16x8.add(high<T>(a), high<T>(b))
      const qHigh = i16x8.add(high<T>(c), high<T>(d))
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(zipLowI16(pHigh, qHigh), ww))
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(zipHighI16(pHigh, qHigh), ww))
    }
    if (left) {
      const a = <usize>load<u32>(above) + at
      const b = <usize>load<u32>(below) + at
      const ww = v128.load16_splat(w)
      const pLow = i16x8.add(low<T>(a), low<T>(b))
      const pHigh = i16x8.add(high<T>(a), high<T>(b))
      s0 = i32x4.add(s0, i32x4.extmul_low_i16x8_s(pLow, ww))
      s1 = i32x4.add(s1, i32x4.extmul_high_i16x8_s(pLow, ww))
      s2 = i32x4.add(s2, i32x4.extmul_low_i16x8_s(pHigh, ww))
      s3 = i32x4.add(s3, i32x4.extmul_high_i16x8_s(pHigh, ww))
    }
    const out = dst + (x << 1)
    v128.store(out, i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(s0, half), shift), i32x4.shr_s(i32x4.add(s1, half), shift)))
    v128.store(out, i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(s2, half), shift), i32x4.shr_s(i32x4.add(s3, half), shift)), 16)
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
  const half = i32x4.splat(1 << 14)
  const w0 = v128.load16_splat(weights)
  for (let x: usize = 0; x < n; x += 16) {
    const p = src + (x << 1)
    const cLow = v128.load(p)
    const cHigh = v128.load(p, 16)
    let s0 = i32x4.extmul_low_i16x8_s(cLow, w0)
    let s1 = i32x4.extmul_high_i16x8_s(cLow, w0)
    let s2 = i32x4.extmul_low_i16x8_s(cHigh, w0)
    let s3 = i32x4.extmul_high_i16x8_s(cHigh, w0)
    let a = p - step
    let b = p + step
    let w = weights + 2
    let left = radius
    for (; left >= 2; left -= 2, w += 4) {
      const pLow = i16x8.add(v128.load(a), v128.load(b))
      const pHigh = i16x8.add(v128.load(a, 16), v128.load(b, 16))
      a -= step
      b += step
      const qLow = i16x8.add(v128.load(a), v128.load(b))
      const qHigh = i16x8.add(v128.load(a, 16), v128.load(b, 16))
      a -= step
      b += step
      const ww = v128.load32_splat(w)
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(zipLowI16(pLow, qLow), ww))
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(zipHighI16(pLow, qLow), ww))
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(zipLowI16(pHigh, qHigh), ww))
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(zipHighI16(pHigh, qHigh), ww))
    }
    if (left) {
      const ww = v128.load16_splat(w)
      const pLow = i16x8.add(v128.load(a), v128.load(b))
      const pHigh = i16x8.add(v128.load(a, 16), v128.load(b, 16))
      s0 = i32x4.add(s0, i32x4.extmul_low_i16x8_s(pLow, ww))
      s1 = i32x4.add(s1, i32x4.extmul_high_i16x8_s(pLow, ww))
      s2 = i32x4.add(s2, i32x4.extmul_low_i16x8_s(pHigh, ww))
      s3 = i32x4.add(s3, i32x4.extmul_high_i16x8_s(pHigh, ww))
    }
    const outLow = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(s0, half), 15), i32x4.shr_s(i32x4.add(s1, half), 15))
    const outHigh = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(s2, half), 15), i32x4.shr_s(i32x4.add(s3, half), 15))
    if (sizeof<T>() == 1) {
      v128.store(dst + x, i8x16.narrow_i16x8_u(roundI16(outLow), roundI16(outHigh)))
    } else {
      v128.store(dst + (x << 1), outLow)
      v128.store(dst + (x << 1), outHigh, 16)
    }
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

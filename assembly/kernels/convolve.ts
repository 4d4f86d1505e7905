// convolve: out = clamp((bias + sum of weights * neighbours) >> shift) for colour; alpha is copied. Exact.
//
// Weights are i16 with `shift` fractional bits, the bias is the offset and the half that rounds in the same scale.
// The engine picks the shift so that 255 * (sum of |weights|) + |bias| <= 2^31 - 1 (src/filters/convolution.ts):
// partial sums in any order fit i32. A dot product of two taps is at most 2 * 255 * 32767 < 2^24.
//
// Two taps at a time: their bytes interleaved and widened are one dot product of i16. Taps without weight are left
// out. With four channels a vector of interleaved i16 is one pixel, so that 3x3 widens each pixel once and uses it
// for three results.

import { alphaMask, pinned } from '../lib/pinned'
import { packU8, zipHighI8, zipLowI8 } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  width!: i32
  height!: i32
  shift!: i32
  bias!: i32
  weights!: usize // i16, row by row
}

// The state: addresses of the taps from byte 16 on, behind them their weights.
const ADDRESSES: usize = 16

/** Lists the taps that have a weight; gives their number, made even by one without. */
// @ts-ignore: decorator
@inline
function listTaps(rows: usize, params: Params, step: i32, addresses: usize, weights: usize): i32 {
  const width = params.width
  const height = params.height
  let count = 0
  let from = params.weights
  for (let row = 0; row < height; row++) {
    const src = load<u32>(rows + (<usize>row << 2))
    for (let column = 0; column < width; column++, from += 2) {
      const weight = load<i16>(from)
      if (weight == 0) continue
      store<u32>(addresses + (<usize>count << 2), src + (column - (width >> 1)) * step)
      store<i16>(weights + (<usize>count << 1), weight)
      count++
    }
  }
  if (count & 1) {
    store<u32>(addresses + (<usize>count << 2), load<u32>(rows))
    store<i16>(weights + (<usize>count << 1), 0)
    count++
  }
  return count
}

/** Any size, any channels. */
// @ts-ignore: decorator
@inline
function convolveAny(rows: usize, dst: usize, stage: Stage, params: Params): void {
  const step = stage.channels
  const n = <usize>(stage.width * step)
  const centre = <usize>load<u32>(rows + (<usize>(params.height >> 1) << 2))
  const addresses = stage.state + ADDRESSES
  const weights = addresses + (<usize>(params.width * params.height + 1) << 2)
  const end = addresses + (<usize>listTaps(rows, params, step, addresses, weights) << 2)
  const shift = params.shift
  const bias = pinned(i32x4.splat(params.bias))
  const alpha = alphaMask(step)
  for (let x: usize = 0; x < n; x += 16) {
    let s0 = bias
    let s1 = bias
    let s2 = bias
    let s3 = bias
    for (let a = addresses, w = weights; a < end; a += 8, w += 4) {
      const p = v128.load(<usize>load<u32>(a) + x)
      const q = v128.load(<usize>load<u32>(a, 4) + x)
      const ww = v128.load32_splat(w)
      const low = zipLowI8(p, q)
      const high = zipHighI8(p, q)
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(low), ww))
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(low), ww))
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(high), ww))
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(high), ww))
    }
    const out = packU8(i32x4.shr_s(s0, shift), i32x4.shr_s(s1, shift), i32x4.shr_s(s2, shift), i32x4.shr_s(s3, shift))
    v128.store(dst + x, v128.bitselect(v128.load(centre + x), out, alpha))
  }
}

/** The weights i and j of a kernel as the pair of a dot product; -1 is none. */
// @ts-ignore: decorator
@inline
function pair(weights: usize, i: i32, j: i32): v128 {
  const low = i < 0 ? 0 : <i32>load<u16>(weights + (<usize>i << 1))
  const high = j < 0 ? 0 : <i32>load<u16>(weights + (<usize>j << 1))
  return pinned(i32x4.splat(low | (high << 16)))
}

/** 3x3 with four channels. */
// @ts-ignore: decorator
@inline
function convolve3x3(rows: usize, dst: usize, n: usize, params: Params): void {
  const a = <usize>load<u32>(rows)
  const b = <usize>load<u32>(rows, 4)
  const c = <usize>load<u32>(rows, 8)
  const shift = params.shift
  const bias = pinned(i32x4.splat(params.bias))
  const weights = params.weights
  const w03 = pair(weights, 0, 3)
  const w14 = pair(weights, 1, 4)
  const w25 = pair(weights, 2, 5)
  const w67 = pair(weights, 6, 7)
  const w8 = pair(weights, -1, 8)
  const alpha = alphaMask(4)
  // Rows a and b of a pixel are a pair, and so are row c of a pixel and of its right neighbour. What the pixels so far
  // come to for the next result, and for the one after that, is kept in `here` and `then`.
  const before = i16x8.extend_low_i8x16_u(zipLowI8(v128.load32_zero(a - 4), v128.load32_zero(b - 4)))
  const first = i16x8.extend_low_i8x16_u(zipLowI8(v128.load32_zero(a), v128.load32_zero(b)))
  const below = i16x8.extend_low_i8x16_u(zipLowI8(v128.load32_zero(c - 4), v128.load32_zero(c)))
  let here = i32x4.add(i32x4.add(bias, i32x4.dot_i16x8_s(before, w03)), i32x4.add(i32x4.dot_i16x8_s(first, w14), i32x4.dot_i16x8_s(below, w67)))
  let then = i32x4.add(bias, i32x4.dot_i16x8_s(first, w03))
  for (let x: usize = 0; x < n; x += 16) {
    const aNext = v128.load(a + x, 4)
    const bNext = v128.load(b + x, 4)
    const cHere = v128.load(c + x)
    const cNext = v128.load(c + x, 4)
    let p = zipLowI8(aNext, bNext)
    let q = zipLowI8(cHere, cNext)
    let ab = i16x8.extend_low_i8x16_u(p)
    let cc = i16x8.extend_low_i8x16_u(q)
    const s0 = i32x4.add(here, i32x4.add(i32x4.dot_i16x8_s(ab, w25), i32x4.dot_i16x8_s(cc, w8)))
    here = i32x4.add(then, i32x4.add(i32x4.dot_i16x8_s(ab, w14), i32x4.dot_i16x8_s(cc, w67)))
    then = i32x4.add(bias, i32x4.dot_i16x8_s(ab, w03))
    ab = i16x8.extend_high_i8x16_u(p)
    cc = i16x8.extend_high_i8x16_u(q)
    const s1 = i32x4.add(here, i32x4.add(i32x4.dot_i16x8_s(ab, w25), i32x4.dot_i16x8_s(cc, w8)))
    here = i32x4.add(then, i32x4.add(i32x4.dot_i16x8_s(ab, w14), i32x4.dot_i16x8_s(cc, w67)))
    then = i32x4.add(bias, i32x4.dot_i16x8_s(ab, w03))
    p = zipHighI8(aNext, bNext)
    q = zipHighI8(cHere, cNext)
    ab = i16x8.extend_low_i8x16_u(p)
    cc = i16x8.extend_low_i8x16_u(q)
    const s2 = i32x4.add(here, i32x4.add(i32x4.dot_i16x8_s(ab, w25), i32x4.dot_i16x8_s(cc, w8)))
    here = i32x4.add(then, i32x4.add(i32x4.dot_i16x8_s(ab, w14), i32x4.dot_i16x8_s(cc, w67)))
    then = i32x4.add(bias, i32x4.dot_i16x8_s(ab, w03))
    ab = i16x8.extend_high_i8x16_u(p)
    cc = i16x8.extend_high_i8x16_u(q)
    const s3 = i32x4.add(here, i32x4.add(i32x4.dot_i16x8_s(ab, w25), i32x4.dot_i16x8_s(cc, w8)))
    here = i32x4.add(then, i32x4.add(i32x4.dot_i16x8_s(ab, w14), i32x4.dot_i16x8_s(cc, w67)))
    then = i32x4.add(bias, i32x4.dot_i16x8_s(ab, w03))
    const out = packU8(i32x4.shr_s(s0, shift), i32x4.shr_s(s1, shift), i32x4.shr_s(s2, shift), i32x4.shr_s(s3, shift))
    v128.store(dst + x, v128.bitselect(v128.load(b + x), out, alpha))
  }
}

export function convolve(rows: usize, dst: usize, stage: Stage): void {
  const params = changetype<Params>(stage.params)
  if (params.width == 3 && params.height == 3 && stage.channels == 4) convolve3x3(rows, dst, <usize>stage.width << 2, params)
  else convolveAny(rows, dst, stage, params)
}

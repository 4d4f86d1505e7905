// lut: out = table[channel][in], for one channel or for four, alpha included. Exact.
//
// Two ways:
// - A table that is a line (src/filters/line.ts) is arithmetic: clamp((scale * in + offset) >> shift), alpha copied. With
//   scale = 128 s + t, 0 <= t < 128 and |scale| < 2^22, s and t fit i16, and (128 in) s + in t is one dot product, at most
//   255 * 2^22 < 2^30; lines that reach 0 and 255 have |offset| <= |scale| * 255 + 256 * 2^shift < 2^31 - 2^30. A shift of 0
//   is an inversion or a step, which take one instruction.
// - Any other is looked up by pairs of bytes: a load for two levels, one for their entries and a store take half of what they
//   take byte by byte, and less than sixteen swizzles. The pairs, 65,536 entries of u16 for red and green and as many for blue and
//   alpha, or one table for one channel, are made of the table once a strip: some microseconds. They fit a second-level cache;
//   those that a picture has are mostly few.

import { alphaMask, pinned } from '../lib/pinned'
import { packU8, zipHighI16, zipHighI8, zipLowI16, zipLowI8 } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  table!: usize // 256 bytes a channel
  scale!: i32
  offset!: i32
  shift!: i32 // 20, 16 or 0; -1: no line
}

// @ts-ignore: decorator
@inline
function lineOf4(pairs: v128, scales: v128, offset: v128, shift: i32): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(pairs, scales), offset), shift)
}

// @ts-ignore: decorator
@inline
function lineRow(src: usize, dst: usize, n: usize, scale: i32, offset: i32, shift: i32, alpha: v128): void {
  const scales = pinned(i32x4.splat((scale & 127) | ((scale >> 7) << 16)))
  const offsets = pinned(i32x4.splat(offset))
  for (let x: usize = 0; x < n; x += 16) {
    const c = v128.load(src + x)
    const low = i16x8.extend_low_i8x16_u(c)
    const high = i16x8.extend_high_i8x16_u(c)
    const low128 = i16x8.shl(low, 7)
    const high128 = i16x8.shl(high, 7)
    const out = packU8(
      lineOf4(zipLowI16(low, low128), scales, offsets, shift),
      lineOf4(zipHighI16(low, low128), scales, offsets, shift),
      lineOf4(zipLowI16(high, high128), scales, offsets, shift),
      lineOf4(zipHighI16(high, high128), scales, offsets, shift),
    )
    v128.store(dst + x, v128.bitselect(c, out, alpha))
  }
}

// @ts-ignore: decorator
@inline
function invertRow(src: usize, dst: usize, n: usize, alpha: v128): void {
  const colour = pinned(v128.not(alpha))
  for (let x: usize = 0; x < n; x += 64) {
    const p = src + x
    const q = dst + x
    v128.store(q, v128.xor(v128.load(p), colour))
    v128.store(q, v128.xor(v128.load(p, 16), colour), 16)
    v128.store(q, v128.xor(v128.load(p, 32), colour), 32)
    v128.store(q, v128.xor(v128.load(p, 48), colour), 48)
  }
}

// @ts-ignore: decorator
@inline
function stepRow(src: usize, dst: usize, n: usize, from: i32, alpha: v128): void {
  const first = pinned(i8x16.splat(<i8>from))
  for (let x: usize = 0; x < n; x += 32) {
    const a = v128.load(src + x)
    const b = v128.load(src + x, 16)
    v128.store(dst + x, v128.bitselect(a, i8x16.ge_u(a, first), alpha))
    v128.store(dst + x, v128.bitselect(b, i8x16.ge_u(b, first), alpha), 16)
  }
}

// The state: the first word tells a new strip, the pairs follow at byte 16.
const PAIRS: usize = 16
const PAIRS_BYTES: usize = 131072

/** The entry of a pair that a little-endian load reads as `second << 8 | first`. */
function makePairs(pairs: usize, first: usize, second: usize): void {
  for (let high: usize = 0; high < 256; high++) {
    const upper = v128.load8_splat(second + high)
    for (let low: usize = 0; low < 256; low += 16, pairs += 32) {
      const lower = v128.load(first + low)
      v128.store(pairs, zipLowI8(lower, upper))
      v128.store(pairs, zipHighI8(lower, upper), 16)
    }
  }
}

// @ts-ignore: decorator
@inline
function twoBytes(p: usize, q: usize, pairs: usize): void {
  store<u16>(q, load<u16>(pairs + ((<usize>load<u16>(p)) << 1)))
}

// @ts-ignore: decorator
@inline
function pairRow(src: usize, dst: usize, n: usize, redGreen: usize, blueAlpha: usize): void {
  for (let x: usize = 0; x < n; x += 16) {
    const p = src + x
    const q = dst + x
    twoBytes(p, q, redGreen)
    twoBytes(p + 2, q + 2, blueAlpha)
    twoBytes(p + 4, q + 4, redGreen)
    twoBytes(p + 6, q + 6, blueAlpha)
    twoBytes(p + 8, q + 8, redGreen)
    twoBytes(p + 10, q + 10, blueAlpha)
    twoBytes(p + 12, q + 12, redGreen)
    twoBytes(p + 14, q + 14, blueAlpha)
  }
}

export function lut(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const params = changetype<Params>(stage.params)
  const t = params.table
  const n = <usize>(stage.width * stage.channels)
  const isColour = stage.channels == 4
  const alpha = alphaMask(stage.channels)
  if (params.shift == 20) lineRow(src, dst, n, params.scale, params.offset, 20, alpha)
  else if (params.shift == 16) lineRow(src, dst, n, params.scale, params.offset, 16, alpha)
  else if (params.shift == 0) {
    if (params.scale < 0) invertRow(src, dst, n, alpha)
    else stepRow(src, dst, n, 1 - params.offset / 255, alpha)
  } else {
    const redGreen = stage.state + PAIRS
    const blueAlpha = isColour ? redGreen + PAIRS_BYTES : redGreen
    if (load<u32>(stage.state) == 0) {
      makePairs(redGreen, t, isColour ? t + 256 : t)
      if (isColour) makePairs(blueAlpha, t + 512, t + 768)
      store<u32>(stage.state, 1)
    }
    pairRow(src, dst, n, redGreen, blueAlpha)
  }
}

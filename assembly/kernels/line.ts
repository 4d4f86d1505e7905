// line: out = clamp((scale * in + offset) >> shift), alpha copied: a table of 256 entries that is a line (src/filters/line.ts). Exact.
//
// With scale = 128 s + t, 0 <= t < 128 and |scale| < 2^22, s and t fit i16, and (128 in) s + in t is one dot product, at most
// 255 * 2^22 < 2^30; lines that reach 0 and 255 have |offset| <= |scale| * 255 + 256 * 2^shift < 2^31 - 2^30. A shift of 0 is an
// inversion or a step, which take one instruction.

import { alphaMask, pinned } from '../lib/pinned'
import { packU8, zipHighI16, zipLowI16 } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  scale!: i32
  offset!: i32
  shift!: i32 // 20, 16 or 0
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

// Any alpha is at least the 0 that it is compared with.
// @ts-ignore: decorator
@inline
function stepOf16(v: v128, first: v128, colour: v128): v128 {
  return v128.and(i8x16.ge_u(v, first), v128.or(v, colour))
}

// @ts-ignore: decorator
@inline
function stepRow(src: usize, dst: usize, n: usize, from: i32, alpha: v128): void {
  const colour = pinned(v128.not(alpha))
  const first = pinned(v128.and(i8x16.splat(<i8>from), colour))
  for (let x: usize = 0; x < n; x += 64) {
    const p = src + x
    const q = dst + x
    v128.store(q, stepOf16(v128.load(p), first, colour))
    v128.store(q, stepOf16(v128.load(p, 16), first, colour), 16)
    v128.store(q, stepOf16(v128.load(p, 32), first, colour), 32)
    v128.store(q, stepOf16(v128.load(p, 48), first, colour), 48)
  }
}

export function line(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const params = changetype<Params>(stage.params)
  const n = <usize>(stage.width * stage.channels)
  const alpha = alphaMask(stage.channels)
  if (params.shift == 20) lineRow(src, dst, n, params.scale, params.offset, 20, alpha)
  else if (params.shift == 16) lineRow(src, dst, n, params.scale, params.offset, 16, alpha)
  else if (params.scale < 0) invertRow(src, dst, n, alpha)
  else stepRow(src, dst, n, 1 - params.offset / 255, alpha)
}

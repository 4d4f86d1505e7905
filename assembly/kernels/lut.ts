// lut: out = table[channel][in], for one channel or for four, alpha included. Exact.
//
// Three ways, from fast to slow:
// - A table that is a line (src/filters/line.ts) is arithmetic: clamp((scale * in + offset) >> shift), alpha copied. With
//   scale = 128 s + t, 0 <= t < 128 and |scale| < 2^22, s and t fit i16, and (128 in) s + in t is one dot product, at most
//   255 * 2^22 < 2^30; lines that reach 0 and 255 have |offset| <= |scale| * 255 + 256 * 2^shift < 2^31 - 2^30. A shift of 0
//   is an inversion or a step, which take one instruction.
// - A table that all colours share, where alpha stays, is looked up sixteen entries at a time: a swizzle gives 0 for every
//   index that is not in 0..15, so that what the sixteen parts of the table give is put together by "or".
// - Else byte by byte, four in a turn: a load for the level, one for its entry, and a store are less work than to take a
//   wider load apart and to put a wider store together. Where each channel's table begins is a constant of the instruction.

import { alphaMask, pinned } from '../lib/pinned'
import { packU8, zipHighI16, zipLowI16 } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  table!: usize // 256 bytes a channel
  scale!: i32
  offset!: i32
  shift!: i32 // 20, 16 or 0; -1: no line
}

/** Rows shorter than this many bytes do not repay looking at the table. */
const FEW_BYTES: usize = 1024

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

/** Whether red, green and blue have one table, and that of alpha changes nothing. */
function isForColour(t: usize): bool {
  let differ = i32x4.splat(0)
  let level = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  for (let i: usize = 0; i < 256; i += 16) {
    const red = v128.load(t + i)
    differ = v128.or(differ, v128.xor(red, v128.load(t + i, 256)))
    differ = v128.or(differ, v128.xor(red, v128.load(t + i, 512)))
    differ = v128.or(differ, v128.xor(level, v128.load(t + i, 768)))
    level = i8x16.add(level, i8x16.splat(16))
  }
  return !v128.any_true(differ)
}

// @ts-ignore: decorator
@inline
function swizzleRow(src: usize, dst: usize, n: usize, t: usize, alpha: v128): void {
  const sixteen = pinned(i8x16.splat(16))
  for (let x: usize = 0; x < n; x += 64) {
    const p = src + x
    const q = dst + x
    let a = v128.load(p)
    let b = v128.load(p, 16)
    let c = v128.load(p, 32)
    let d = v128.load(p, 48)
    let part = v128.load(t)
    let outA = i8x16.swizzle(part, a)
    let outB = i8x16.swizzle(part, b)
    let outC = i8x16.swizzle(part, c)
    let outD = i8x16.swizzle(part, d)
    for (let i: usize = 16; i < 256; i += 16) {
      part = v128.load(t + i)
      a = i8x16.sub(a, sixteen)
      b = i8x16.sub(b, sixteen)
      c = i8x16.sub(c, sixteen)
      d = i8x16.sub(d, sixteen)
      outA = v128.or(outA, i8x16.swizzle(part, a))
      outB = v128.or(outB, i8x16.swizzle(part, b))
      outC = v128.or(outC, i8x16.swizzle(part, c))
      outD = v128.or(outD, i8x16.swizzle(part, d))
    }
    v128.store(q, v128.bitselect(v128.load(p), outA, alpha))
    v128.store(q, v128.bitselect(v128.load(p, 16), outB, alpha), 16)
    v128.store(q, v128.bitselect(v128.load(p, 32), outC, alpha), 32)
    v128.store(q, v128.bitselect(v128.load(p, 48), outD, alpha), 48)
  }
}

// @ts-ignore: decorator
@inline
function byteRow(src: usize, dst: usize, n: usize, red: usize, green: usize, blue: usize, alpha: usize): void {
  for (let x: usize = 0; x < n; x += 4) {
    const p = src + x
    const q = dst + x
    const r = load<u8>(red + load<u8>(p))
    const g = load<u8>(green + load<u8>(p, 1))
    const b = load<u8>(blue + load<u8>(p, 2))
    const a = load<u8>(alpha + load<u8>(p, 3))
    store<u8>(q, r)
    store<u8>(q, g, 1)
    store<u8>(q, b, 2)
    store<u8>(q, a, 3)
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
  } else if (n >= FEW_BYTES && (!isColour || isForColour(t))) swizzleRow(src, dst, n, t, alpha)
  else if (isColour) byteRow(src, dst, n, t, t + 256, t + 512, t + 768)
  else byteRow(src, dst, n, t, t, t, t)
}

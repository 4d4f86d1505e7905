// Straight u8 pixels to premultiplied rows of i16 with 6 fractional bits, and back. Four channels.
//
// premultiply: p = round(64 c a / 255), and alpha is 64 a. With q = c a (at most 65025) that is
//   (q + floor(q / 255) + 2) >> 2, at most 16320; floor(q / 255) = (q + 1 + (q >> 8)) >> 8 for q < 65535.
//   All of it fits u16: the largest intermediate is 65025 + 255 + 2.
// unpremultiply: c = min(255, round(255 p / A)), half up, a = (A + 32) >> 6; where A <= 0 all is 0.
// Where A is 64 * 255 the colour is (p + 32) >> 6: what kernels that write u8 from i16 do by themselves.

import { Stage } from '../lib/stage'
import { pinned } from '../lib/pinned'
import { nearestI32, twoTo23 } from '../lib/vector'

// @ts-ignore: decorator
@inline
function premultiplyU16(px: v128, one: v128, two: v128, ofAlpha: v128): v128 {
  const alpha = i8x16.shuffle(px, px, 6, 7, 6, 7, 6, 7, 6, 7, 14, 15, 14, 15, 14, 15, 14, 15)
  const q = i16x8.mul(px, alpha)
  const whole = i16x8.shr_u(i16x8.add(i16x8.add(q, one), i16x8.shr_u(q, 8)), 8)
  const p = i16x8.shr_u(i16x8.add(i16x8.add(q, whole), two), 2)
  return v128.bitselect(i16x8.shl(px, 6), p, ofAlpha)
}

export function premultiply(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const n = <usize>stage.width << 2
  const one = pinned(i16x8.splat(1))
  const two = pinned(i16x8.splat(2))
  const ofAlpha = pinned(i64x2.splat(<i64>0xffff000000000000))
  for (let x: usize = 0; x < n; x += 16) {
    const px = v128.load(src + x)
    v128.store(dst + (x << 1), premultiplyU16(i16x8.extend_low_i8x16_u(px), one, two, ofAlpha))
    v128.store(dst + (x << 1), premultiplyU16(i16x8.extend_high_i8x16_u(px), one, two, ofAlpha), 16)
  }
}

/** One pixel, as four i32. */
// @ts-ignore: decorator
@inline
function unpremultiplyPixel(p: v128, full: v128, half: v128, magic: v128): v128 {
  const alpha = i8x16.shuffle(p, p, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15)
  // 255 p + A / 2 is at most 255 * 32767 + 16383 < 2^23, so it and A are exact in f32. The quotient is
  // rounded correctly, and where it is below 256 it lies at least 1 / A >= 2^-15 off the next integer
  // unless it is one, which is wider than half a unit in the last place: its floor is exact. All quotients are below 2^23.
  const scaled = i32x4.add(i32x4.mul(p, full), i32x4.shr_s(alpha, 1))
  const colour = nearestI32(f32x4.floor(f32x4.div(f32x4.convert_i32x4_s(scaled), f32x4.convert_i32x4_s(alpha))), magic)
  const rounded = i32x4.shr_s(i32x4.add(p, half), 6)
  const all = i8x16.shuffle(colour, rounded, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 28, 29, 30, 31)
  return v128.and(all, i32x4.gt_s(alpha, i32x4.splat(0)))
}

export function unpremultiply(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const n = <usize>stage.width << 2
  const full = pinned(i32x4.splat(255))
  const half = pinned(i32x4.splat(32))
  const magic = pinned(twoTo23())
  for (let x: usize = 0; x < n; x += 8) {
    const p = v128.load(src + (x << 1))
    const low = unpremultiplyPixel(i32x4.extend_low_i16x8_s(p), full, half, magic)
    const high = unpremultiplyPixel(i32x4.extend_high_i16x8_s(p), full, half, magic)
    const packed = i16x8.narrow_i32x4_s(low, high)
    v128.store64_lane(dst + x, i8x16.narrow_i16x8_u(packed, packed), 0)
  }
}

// With n = (2 radius + 1)^2 and sums over the window:
//   box_blur: out = round(sum(c) / n), every channel alike.
//   box_blur_alpha: colour = round(sum(c a) / sum(a)), 0 where sum(a) is 0; alpha = round(sum(a) / n).
// Exact, rounded once, half up. The _y kernels make sums of columns, i32; the _x kernels add them up and divide.
// Both keep a running sum: what enters the window is added and what leaves it is subtracted.
//
// A column's sum is at most 511 * 255 of c, or 511 * 255 * 255 = 33,227,775 of c a; a window's at most 255 n =
// 66,585,855 of c or a, which fits i32, or 255 * 255 n < 2^34 of c a, which is summed in f64.
//
// Division is a product with the rounded inverse, then an addition of 2^23 (f32) or 2^52 (f64), which leaves the
// nearest integer in the lowest bits. Why that is exact:
//   sum / n: n is odd, so no quotient is halfway between integers; each is at least 1 / (2 n) away. Up to
//     radius 63, n <= 16129 and sums are below 2^22, exact in f32; the inverse and the product are each off by at most
//     2^-24 of 255, together 3.04e-5 < 1 / (2 n) = 3.10e-5. Beyond, f64 is off by less than 1e-13.
//   sum(c a) / sum(a): 1/4 is added to the sums of c a, so that what was halfway or above lies at least
//     1 / (4 sum(a)) > 3e-9 above, and what was below still lies as far below.

import { pinned } from '../lib/pinned'
import { nearestI32, packU8, twoTo23, zipHighI8, zipLowI8 } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  radius!: i32
}

const EXACT_F32_RADIUS: i32 = 63
const TWO_TO_52: f64 = 4503599627370496

// Eight values of u16: as they are, or colour times alpha.
// @ts-ignore: decorator
@inline
function weigh(px: v128, alpha: bool, ofAlpha: v128, one: v128): v128 {
  if (!alpha) return px
  const factor = i8x16.shuffle(px, px, 6, 7, 6, 7, 6, 7, 6, 7, 14, 15, 14, 15, 14, 15, 14, 15)
  return i16x8.mul(px, v128.bitselect(one, factor, ofAlpha))
}

// dst = before + enters, eight values of i32.
// @ts-ignore: decorator
@inline
function add(dst: usize, before: usize, enters: v128): void {
  v128.store(dst, i32x4.add(v128.load(before), i32x4.extend_low_i16x8_u(enters)))
  v128.store(dst, i32x4.add(v128.load(before, 16), i32x4.extend_high_i16x8_u(enters)), 16)
}

// dst = before + enters - leaves.
// @ts-ignore: decorator
@inline
function slide(dst: usize, before: usize, enters: v128, leaves: v128, alpha: bool): void {
  if (alpha) {
    const low = i32x4.sub(i32x4.extend_low_i16x8_u(enters), i32x4.extend_low_i16x8_u(leaves))
    const high = i32x4.sub(i32x4.extend_high_i16x8_u(enters), i32x4.extend_high_i16x8_u(leaves))
    v128.store(dst, i32x4.add(v128.load(before), low))
    v128.store(dst, i32x4.add(v128.load(before, 16), high), 16)
  } else {
    const d = i16x8.sub(enters, leaves)
    v128.store(dst, i32x4.add(v128.load(before), i32x4.extend_low_i16x8_s(d)))
    v128.store(dst, i32x4.add(v128.load(before, 16), i32x4.extend_high_i16x8_s(d)), 16)
  }
}

// dst += four rows, whose sums fit u16.
// @ts-ignore: decorator
@inline
function addFour(dst: usize, tap: usize, n: usize): void {
  const a = <usize>load<u32>(tap)
  const b = <usize>load<u32>(tap, 4)
  const c = <usize>load<u32>(tap, 8)
  const d = <usize>load<u32>(tap, 12)
  for (let x: usize = 0; x < n; x += 16) {
    const rowA = v128.load(a + x)
    const rowB = v128.load(b + x)
    const rowC = v128.load(c + x)
    const rowD = v128.load(d + x)
    const out = dst + (x << 2)
    const low = i16x8.add(i16x8.extadd_pairwise_i8x16_u(zipLowI8(rowA, rowB)), i16x8.extadd_pairwise_i8x16_u(zipLowI8(rowC, rowD)))
    const high = i16x8.add(i16x8.extadd_pairwise_i8x16_u(zipHighI8(rowA, rowB)), i16x8.extadd_pairwise_i8x16_u(zipHighI8(rowC, rowD)))
    add(out, out, low)
    add(out + 32, out + 32, high)
  }
}

// The state's first word is where the row before is, or 0 at the first row of a strip. Its sums still stand there: rows
// of a ring are overwritten by later ones of the same stage only, and of its own place the kernel reads ahead.
// @ts-ignore: decorator
@inline
function columns(rows: usize, dst: usize, stage: Stage, alpha: bool): void {
  const n = <usize>(stage.width * stage.channels)
  const last = rows + (<usize>stage.taps << 2) - 4
  const ofAlpha = pinned(i64x2.splat(<i64>0xffff000000000000))
  const one = pinned(i64x2.splat(0x0001000000000000))
  const before = <usize>load<u32>(stage.state)
  store<u32>(stage.state, <u32>dst)
  if (before == 0) {
    memory.fill(dst, 0, n << 2)
    let tap = rows + 4
    if (!alpha) for (; tap + 12 <= last; tap += 16) addFour(dst, tap, n)
    for (; tap <= last; tap += 4) {
      const row = <usize>load<u32>(tap)
      for (let x: usize = 0; x < n; x += 16) {
        const px = v128.load(row + x)
        const out = dst + (x << 2)
        add(out, out, weigh(i16x8.extend_low_i8x16_u(px), alpha, ofAlpha, one))
        add(out + 32, out + 32, weigh(i16x8.extend_high_i8x16_u(px), alpha, ofAlpha, one))
      }
    }
    return
  }
  const leaving = <usize>load<u32>(rows)
  const entering = <usize>load<u32>(last)
  for (let x: usize = 0; x < n; x += 16) {
    const e = v128.load(entering + x)
    const l = v128.load(leaving + x)
    const p = before + (x << 2)
    const out = dst + (x << 2)
    slide(out, p, weigh(i16x8.extend_low_i8x16_u(e), alpha, ofAlpha, one), weigh(i16x8.extend_low_i8x16_u(l), alpha, ofAlpha, one), alpha)
    slide(out + 32, p + 32, weigh(i16x8.extend_high_i8x16_u(e), alpha, ofAlpha, one), weigh(i16x8.extend_high_i8x16_u(l), alpha, ofAlpha, one), alpha)
  }
}

export function box_blur_y(rows: usize, dst: usize, stage: Stage): void {
  columns(rows, dst, stage, false)
}

export function box_blur_alpha_y(rows: usize, dst: usize, stage: Stage): void {
  columns(rows, dst, stage, true)
}

// Four sums divided by n, as i32. `inverse` is four f32, or two f64 where `wide`; `magic` is 2^23 or 2^52 as such.
// @ts-ignore: decorator
@inline
function mean(sums: v128, inverse: v128, magic: v128, wide: bool): v128 {
  if (!wide) return nearestI32(f32x4.mul(f32x4.convert_i32x4_s(sums), inverse), magic)
  const high = i8x16.shuffle(sums, sums, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)
  return lowWords(
    nearest(f64x2.mul(f64x2.convert_low_i32x4_s(sums), inverse), magic),
    nearest(f64x2.mul(f64x2.convert_low_i32x4_s(high), inverse), magic),
  )
}

// Two f64 from 0 to 255 to the nearest integers, in the low word of each.
// @ts-ignore: decorator
@inline
function nearest(v: v128, magic: v128): v128 {
  return f64x2.add(v, magic)
}

// @ts-ignore: decorator
@inline
function lowWords(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
}

// Sums of windows along a row of four channels; `enters` and `leaves` are where the pixels of output 0 are.
// @ts-ignore: decorator
@inline
function alongFour(dst: usize, n: usize, enters: usize, leaves: usize, inverse: v128, magic: v128, wide: bool): void {
  let sum = i32x4.splat(0)
  for (let p = leaves; p < enters; p += 16) sum = i32x4.add(sum, v128.load(p))
  for (let x: usize = 0; x < n; x += 16) {
    const e = enters + (x << 2)
    const l = leaves + (x << 2)
    const a = i32x4.add(sum, i32x4.sub(v128.load(e), v128.load(l)))
    const b = i32x4.add(a, i32x4.sub(v128.load(e, 16), v128.load(l, 16)))
    const c = i32x4.add(b, i32x4.sub(v128.load(e, 32), v128.load(l, 32)))
    const d = i32x4.add(c, i32x4.sub(v128.load(e, 48), v128.load(l, 48)))
    v128.store(dst + x, packU8(mean(a, inverse, magic, wide), mean(b, inverse, magic, wide), mean(c, inverse, magic, wide), mean(d, inverse, magic, wide)))
    sum = d
  }
}

// The four sums that follow `sum`, the last of those before in every lane.
// @ts-ignore: decorator
@inline
function nextSums(sum: v128, enters: v128, leaves: v128): v128 {
  const zero = i32x4.splat(0)
  let d = i32x4.sub(enters, leaves)
  d = i32x4.add(d, i8x16.shuffle(zero, d, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27))
  d = i32x4.add(d, i8x16.shuffle(zero, d, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23))
  return i32x4.add(sum, d)
}

// @ts-ignore: decorator
@inline
function splatLast(v: v128): v128 {
  return i8x16.shuffle(v, v, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15)
}

// The same along a row of one channel.
// @ts-ignore: decorator
@inline
function alongOne(dst: usize, n: usize, enters: usize, leaves: usize, inverse: v128, magic: v128, wide: bool): void {
  let first = 0
  for (let p = leaves; p < enters; p += 4) first += load<i32>(p)
  let sum = i32x4.splat(first)
  for (let x: usize = 0; x < n; x += 16) {
    const e = enters + (x << 2)
    const l = leaves + (x << 2)
    const a = nextSums(sum, v128.load(e), v128.load(l))
    const b = nextSums(splatLast(a), v128.load(e, 16), v128.load(l, 16))
    const c = nextSums(splatLast(b), v128.load(e, 32), v128.load(l, 32))
    const d = nextSums(splatLast(c), v128.load(e, 48), v128.load(l, 48))
    v128.store(dst + x, packU8(mean(a, inverse, magic, wide), mean(b, inverse, magic, wide), mean(c, inverse, magic, wide), mean(d, inverse, magic, wide)))
    sum = splatLast(d)
  }
}

export function box_blur_x(rows: usize, dst: usize, stage: Stage): void {
  const radius = changetype<Params>(stage.params).radius
  const taps = 2 * radius + 1
  const n = <usize>(stage.width * stage.channels)
  const pixelBytes = <usize>stage.channels << 2
  const src = <usize>load<u32>(rows)
  const enters = src + <usize>radius * pixelBytes
  const leaves = enters - <usize>taps * pixelBytes
  if (radius > EXACT_F32_RADIUS) {
    const inverse = pinned(f64x2.splat(1.0 / <f64>(taps * taps)))
    const magic = pinned(f64x2.splat(TWO_TO_52))
    if (stage.channels == 4) alongFour(dst, n, enters, leaves, inverse, magic, true)
    else alongOne(dst, n, enters, leaves, inverse, magic, true)
  } else {
    const inverse = pinned(f32x4.splat(<f32>1.0 / <f32>(taps * taps)))
    const magic = pinned(twoTo23())
    if (stage.channels == 4) alongFour(dst, n, enters, leaves, inverse, magic, false)
    else alongOne(dst, n, enters, leaves, inverse, magic, false)
  }
}

export function box_blur_alpha_x(rows: usize, dst: usize, stage: Stage): void {
  const radius = changetype<Params>(stage.params).radius
  const taps = 2 * radius + 1
  const n = <usize>stage.width << 2
  const src = <usize>load<u32>(rows)
  const enters = src + (<usize>radius << 4)
  const leaves = enters - (<usize>taps << 4)
  const inverse = pinned(f64x2.splat(1.0 / <f64>(taps * taps)))
  const magic = pinned(f64x2.splat(TWO_TO_52))
  const one = pinned(f64x2.splat(1))
  // Sums of red and green, of blue and alpha; colour with its quarter.
  let rg = f64x2.splat(0.25)
  let ba = f64x2.replace_lane(rg, 1, 0)
  for (let p = leaves; p < enters; p += 16) {
    rg = f64x2.add(rg, colourSums(v128.load(p)))
    ba = f64x2.add(ba, blueAlphaSums(v128.load(p)))
  }
  for (let x: usize = 0; x < n; x += 8) {
    const e = enters + (x << 2)
    const l = leaves + (x << 2)
    const d0 = i32x4.sub(v128.load(e), v128.load(l))
    const d1 = i32x4.sub(v128.load(e, 16), v128.load(l, 16))
    const rg0 = f64x2.add(rg, colourSums(d0))
    const ba0 = f64x2.add(ba, blueAlphaSums(d0))
    rg = f64x2.add(rg0, colourSums(d1))
    ba = f64x2.add(ba0, blueAlphaSums(d1))
    // Two pixels share a division. Where sum(a) is 0, colour is 1/4, which rounds to 0.
    const alphas = i8x16.shuffle(ba0, ba, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
    const inverses = f64x2.div(one, f64x2.pmax(alphas, one))
    const first = i8x16.shuffle(inverses, inverses, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7)
    const second = i8x16.shuffle(inverses, inverses, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)
    const firstBlueAlpha = i8x16.shuffle(first, inverse, 0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31)
    const secondBlueAlpha = i8x16.shuffle(second, inverse, 0, 1, 2, 3, 4, 5, 6, 7, 24, 25, 26, 27, 28, 29, 30, 31)
    const p0 = lowWords(nearest(f64x2.mul(rg0, first), magic), nearest(f64x2.mul(ba0, firstBlueAlpha), magic))
    const p1 = lowWords(nearest(f64x2.mul(rg, second), magic), nearest(f64x2.mul(ba, secondBlueAlpha), magic))
    const packed = i16x8.narrow_i32x4_s(p0, p1)
    v128.store64_lane(dst + x, i8x16.narrow_i16x8_u(packed, packed), 0)
  }
}

// @ts-ignore: decorator
@inline
function colourSums(v: v128): v128 {
  return f64x2.convert_low_i32x4_s(v)
}

// @ts-ignore: decorator
@inline
function blueAlphaSums(v: v128): v128 {
  return f64x2.convert_low_i32x4_s(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15))
}

// halve_y: out[y] = (a + 4 b + 6 c + 4 d + e) / 16 of five rows; halve_x: the same of the five pixels from first + 2 x on.
//   In two steps, each rounded half up: inner = (a + e + 2 c + 2) >> 2, out = (inner + b + c + d + 2) >> 2. From u8 the
//   result is exact.
// double_y: even rows are (a + 6 b + c) / 8 of three rows, as ((a + c + 2 b + 2) >> 2), then the mean of that and b,
//   rounded up; odd rows are (b + c + 1) >> 1. double_x: the same of the three pixels from first + (x >> 1) on; rows of
//   u8 are (that + 32) >> 6.
//
// Every channel alike; i16 with 6 fractional bits, or u8, which counts as in * 64. Values are 0 to 16320, so that four
// of them are at most 65280 and with the 2 that rounds fit u16: all is done in lanes of 16 bits, without sign.

import { pinned } from '../lib/pinned'
import { evenI64, halfI16, oddI64, storeRounded, zipHighI16, zipLowI16 } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class HalveXParams {
  first!: i32 // pixels
}

@unmanaged
class DoubleXParams {
  first!: i32 // pixels
}

// @ts-ignore: decorator
@inline
function quarter(sum: v128, two: v128): v128 {
  return i16x8.shr_u(i16x8.add(sum, two), 2)
}

// @ts-ignore: decorator
@inline
function halved(a: v128, b: v128, c: v128, d: v128, e: v128, two: v128): v128 {
  const inner = quarter(i16x8.add(i16x8.add(a, e), i16x8.add(c, c)), two)
  return quarter(i16x8.add(i16x8.add(inner, c), i16x8.add(b, d)), two)
}

/** From u8: 4 (a + e) + 16 (b + d) + 24 c, at most 16320. */
// @ts-ignore: decorator
@inline
function halvedU8(a: usize, b: usize, c: usize, d: usize, e: usize, six: v128): v128 {
  const ends = i16x8.add(v128.load_ext<u8>(a), v128.load_ext<u8>(e))
  const sides = i16x8.add(v128.load_ext<u8>(b), v128.load_ext<u8>(d))
  const centre = i16x8.mul(v128.load_ext<u8>(c), six)
  return i16x8.shl(i16x8.add(i16x8.add(ends, centre), i16x8.shl(sides, 2)), 2)
}

export function halve_y(rows: usize, dst: usize, stage: Stage): void {
  const a = <usize>load<u32>(rows)
  const b = <usize>load<u32>(rows, 4)
  const c = <usize>load<u32>(rows, 8)
  const d = <usize>load<u32>(rows, 12)
  const e = <usize>load<u32>(rows, 16)
  const n = <usize>(stage.width * stage.channels)
  if (stage.inputBytes == 1) {
    const six = pinned(i16x8.splat(6))
    for (let x: usize = 0; x < n; x += 8) v128.store(dst + (x << 1), halvedU8(a + x, b + x, c + x, d + x, e + x, six))
  } else {
    const two = pinned(i16x8.splat(2))
    for (let x: usize = 0, bytes = n << 1; x < bytes; x += 16) {
      v128.store(dst + x, halved(v128.load(a + x), v128.load(b + x), v128.load(c + x), v128.load(d + x), v128.load(e + x), two))
    }
  }
}

// @ts-ignore: decorator
@inline
function evenI16(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29)
}

// @ts-ignore: decorator
@inline
function oddI16(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23, 26, 27, 30, 31)
}

export function halve_x(rows: usize, dst: usize, stage: Stage): void {
  const channels = stage.channels
  const src = <usize>load<u32>(rows) + <usize>(changetype<HalveXParams>(stage.params).first * channels * 2)
  const bytes = <usize>(stage.width * channels) << 1
  const two = pinned(i16x8.splat(2))
  if (channels == 4) {
    // Two pixels a vector, and two results.
    for (let x: usize = 0; x < bytes; x += 16) {
      const p = src + (x << 1)
      const v0 = v128.load(p)
      const v1 = v128.load(p, 16)
      const v2 = v128.load(p, 32)
      const v3 = v128.load(p, 48)
      v128.store(dst + x, halved(evenI64(v0, v1), oddI64(v0, v1), evenI64(v1, v2), oddI64(v1, v2), evenI64(v2, v3), two))
    }
  } else {
    for (let x: usize = 0; x < bytes; x += 16) {
      const p = src + (x << 1)
      const v0 = v128.load(p)
      const v1 = v128.load(p, 16)
      const v2 = v128.load(p, 4)
      const v3 = v128.load(p, 20)
      const e = evenI16(v128.load(p, 8), v128.load(p, 24))
      v128.store(dst + x, halved(evenI16(v0, v1), oddI16(v0, v1), evenI16(v2, v3), oddI16(v2, v3), e, two))
    }
  }
}

// @ts-ignore: decorator
@inline
function doubledEven(a: v128, b: v128, c: v128, two: v128): v128 {
  return i16x8.avgr_u(quarter(i16x8.add(i16x8.add(a, c), i16x8.add(b, b)), two), b)
}

export function double_y(rows: usize, dst: usize, stage: Stage): void {
  const a = <usize>load<u32>(rows)
  const b = <usize>load<u32>(rows, 4)
  const c = <usize>load<u32>(rows, 8)
  const bytes = <usize>(stage.width * stage.channels) << 1
  if (stage.next & 1) {
    for (let x: usize = 0; x < bytes; x += 16) v128.store(dst + x, i16x8.avgr_u(v128.load(b + x), v128.load(c + x)))
  } else {
    const two = pinned(i16x8.splat(2))
    for (let x: usize = 0; x < bytes; x += 16) v128.store(dst + x, doubledEven(v128.load(a + x), v128.load(b + x), v128.load(c + x), two))
  }
}

// @ts-ignore: decorator
@inline
function doubleX<T>(src: usize, dst: usize, n: usize, channels: i32): void {
  const step = <usize>(channels << 1)
  const two = pinned(i16x8.splat(2))
  const half = pinned(halfI16())
  for (let x: usize = 0; x < n; x += 16, src += 16) {
    const a = v128.load(src)
    const b = v128.load(src + step)
    const c = v128.load(src + 2 * step)
    const even = doubledEven(a, b, c, two)
    const odd = i16x8.avgr_u(b, c)
    const to = dst + x * sizeof<T>()
    if (channels == 4) storeRounded<T>(to, evenI64(even, odd), oddI64(even, odd), half)
    else storeRounded<T>(to, zipLowI16(even, odd), zipHighI16(even, odd), half)
  }
}

export function double_x(rows: usize, dst: usize, stage: Stage): void {
  const channels = stage.channels
  const src = <usize>load<u32>(rows) + <usize>(changetype<DoubleXParams>(stage.params).first * channels * 2)
  const n = <usize>(stage.width * channels)
  if (stage.bytes == 1) doubleX<u8>(src, dst, n, channels)
  else doubleX<i16>(src, dst, n, channels)
}

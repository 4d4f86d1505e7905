// sobel: gx = [-1 0 1; -2 0 2; -1 0 1], gy its transpose. output 0: round(sqrt(gx^2 + gy^2)), 1: |gx|, 2: |gy|,
// all clamped to 255. Colour channels; alpha is copied.
//
// |gx| and |gy| are at most 1020, so gx^2 + gy^2 is at most 2,080,800: exact in i32 and, being below 2^24,
// in f32. f32x4.sqrt is rounded correctly; the square root of an integer n is never k + 1/2 (n would be
// k^2 + k + 1/4), and below 256 it is at least 1 / 2048 from one, wider than the error of the root.

import { Stage } from '../lib/stage'
import { alphaMask, pinned } from '../lib/pinned'
import { nearestI32, twoTo23, zipHighI16, zipLowI16 } from '../lib/vector'

@unmanaged
class Params {
  output!: i32
}

// @ts-ignore: decorator
@inline
function root(low: v128, magic: v128): v128 {
  return nearestI32(f32x4.sqrt(f32x4.convert_i32x4_s(low)), magic)
}

// @ts-ignore: decorator
@inline
function gradient(a: usize, b: usize, c: usize, step: usize, output: i32, magic: v128): v128 {
  const a0 = v128.load_ext<u8>(a - step)
  const a2 = v128.load_ext<u8>(a + step)
  const c0 = v128.load_ext<u8>(c - step)
  const c2 = v128.load_ext<u8>(c + step)
  const gx = i16x8.add(
    i16x8.add(i16x8.sub(a2, a0), i16x8.sub(c2, c0)),
    i16x8.shl(i16x8.sub(v128.load_ext<u8>(b + step), v128.load_ext<u8>(b - step)), 1),
  )
  const gy = i16x8.add(
    i16x8.add(i16x8.sub(c0, a0), i16x8.sub(c2, a2)),
    i16x8.shl(i16x8.sub(v128.load_ext<u8>(c), v128.load_ext<u8>(a)), 1),
  )
  if (output == 1) return i16x8.abs(gx)
  if (output == 2) return i16x8.abs(gy)
  const low = zipLowI16(gx, gy)
  const high = zipHighI16(gx, gy)
  return i16x8.narrow_i32x4_s(root(i32x4.dot_i16x8_s(low, low), magic), root(i32x4.dot_i16x8_s(high, high), magic))
}

export function sobel(rows: usize, dst: usize, stage: Stage): void {
  const a = <usize>load<u32>(rows)
  const b = <usize>load<u32>(rows, 4)
  const c = <usize>load<u32>(rows, 8)
  const output = changetype<Params>(stage.params).output
  const step = <usize>stage.channels
  const n = <usize>(stage.width * stage.channels)
  const magic = pinned(twoTo23())
  const alpha = alphaMask(stage.channels)
  for (let x: usize = 0; x < n; x += 16) {
    const low = gradient(a + x, b + x, c + x, step, output, magic)
    const high = gradient(a + x + 8, b + x + 8, c + x + 8, step, output, magic)
    const g = i8x16.narrow_i16x8_u(low, high)
    v128.store(dst + x, v128.bitselect(v128.load(b + x), g, alpha))
  }
}

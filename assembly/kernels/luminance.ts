// luminance: out = (r * wR + g * wG + b * wB + 2^14) >> 15, four channels to one. Exact.
//
// The weights are Q15 and sum to 32768, so a sum is at most 255 * 32768 = 8,355,840.

import { addPairsI32, packU8 } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  weights!: usize // i16: r, g, b, 0
}

// @ts-ignore: decorator
@inline
function luma4(px: v128, weights: v128): v128 {
  const sums = addPairsI32(
    i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(px), weights),
    i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(px), weights),
  )
  return i32x4.shr_s(i32x4.add(sums, i32x4.splat(1 << 14)), 15)
}

export function luminance(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const w = v128.load64_splat(changetype<Params>(stage.params).weights)
  const n = <usize>stage.width
  let x: usize = 0
  for (; x + 16 <= n; x += 16) {
    const p = src + (x << 2)
    v128.store(
      dst + x,
      packU8(luma4(v128.load(p), w), luma4(v128.load(p, 16), w), luma4(v128.load(p, 32), w), luma4(v128.load(p, 48), w)),
    )
  }
  // The rest four pixels at a time, so that reads stay within the slack after a row.
  for (; x < n; x += 4) {
    const l = luma4(v128.load(src + (x << 2)), w)
    v128.store32_lane(dst + x, packU8(l, l, l, l), 0)
  }
}

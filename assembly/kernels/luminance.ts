// luminance: out = (r * wR + g * wG + b * wB + 2^14) >> 15, four channels to one. Exact.
//
// The weights are Q15 and sum to 32768, so a sum is at most 255 * 32768 = 8,355,840.

import { pinned } from '../lib/pinned'
import { greenAlpha, packU8, redBlue, weightsOfTwo } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  weights!: usize // i16: r, g, b, 0
}

// @ts-ignore: decorator
@inline
function luma4(px: v128, rb: v128, ga: v128, half: v128): v128 {
  const sums = i32x4.add(i32x4.dot_i16x8_s(redBlue(px), rb), i32x4.dot_i16x8_s(greenAlpha(px), ga))
  return i32x4.shr_s(i32x4.add(sums, half), 15)
}

export function luminance(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const weights = changetype<Params>(stage.params).weights
  const rb = pinned(weightsOfTwo(weights, 0))
  const ga = pinned(weightsOfTwo(weights, 2))
  const half = pinned(i32x4.splat(1 << 14))
  const n = <usize>stage.width
  let x: usize = 0
  for (; x + 16 <= n; x += 16) {
    const p = src + (x << 2)
    v128.store(
      dst + x,
      packU8(luma4(v128.load(p), rb, ga, half), luma4(v128.load(p, 16), rb, ga, half), luma4(v128.load(p, 32), rb, ga, half), luma4(v128.load(p, 48), rb, ga, half)),
    )
  }
  // The rest four pixels at a time, so that reads stay within the slack after a row.
  for (; x < n; x += 4) {
    const l = luma4(v128.load(src + (x << 2)), rb, ga, half)
    v128.store32_lane(dst + x, packU8(l, l, l, l), 0)
  }
}

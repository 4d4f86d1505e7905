// unsharp_mask: with d = in - blurred, out = |d| > threshold ? clamp((in * 256 + amount * d + 128) >> 8) : in.
// Colour channels; alpha is copied.
//
// amount is Q8, at most 10 * 256 = 2560, so |amount * d| <= 652,800 and the sum stays below 2^20.
// rows[0]: the blurred row; rows[1]: the row that was blurred.

import { Stage } from '../lib/stage'
import { alphaMask, pinned } from '../lib/pinned'
import { zipHighI16, zipLowI16 } from '../lib/vector'

@unmanaged
class Params {
  amount!: i32
  threshold!: i32
}

/** Eight elements and their differences, each pair in one dot product. */
// @ts-ignore: decorator
@inline
function sharpen(c: v128, d: v128, weights: v128, half: v128): v128 {
  const low = i32x4.add(i32x4.dot_i16x8_s(zipLowI16(c, d), weights), half)
  const high = i32x4.add(i32x4.dot_i16x8_s(zipHighI16(c, d), weights), half)
  return i16x8.narrow_i32x4_s(i32x4.shr_s(low, 8), i32x4.shr_s(high, 8))
}

// @ts-ignore: decorator
@inline
function sharpenRow(src: usize, blurred: usize, dst: usize, n: usize, amount: i32, threshold: i32, alpha: v128): void {
  const weights = pinned(i32x4.splat(256 | (amount << 16)))
  const half = pinned(i32x4.splat(128))
  const thresholds = pinned(i8x16.splat(<i8>threshold))
  for (let x: usize = 0; x < n; x += 16) {
    const c = v128.load(src + x)
    const b = v128.load(blurred + x)
    const cLow = i16x8.extend_low_i8x16_u(c)
    const cHigh = i16x8.extend_high_i8x16_u(c)
    const out = i8x16.narrow_i16x8_u(
      sharpen(cLow, i16x8.sub(cLow, i16x8.extend_low_i8x16_u(b)), weights, half),
      sharpen(cHigh, i16x8.sub(cHigh, i16x8.extend_high_i8x16_u(b)), weights, half),
    )
    let kept = alpha
    if (threshold > 0) {
      // One of the two saturating differences is |d|, the other 0; what is left of it beyond the threshold is not 0.
      const distance = v128.or(i8x16.sub_sat_u(c, b), i8x16.sub_sat_u(b, c))
      kept = v128.or(kept, i8x16.eq(i8x16.sub_sat_u(distance, thresholds), i8x16.splat(0)))
    }
    v128.store(dst + x, v128.bitselect(c, out, kept))
  }
}

export function unsharp_mask(rows: usize, dst: usize, stage: Stage): void {
  const blurred = <usize>load<u32>(rows)
  const src = <usize>load<u32>(rows, 4)
  const params = changetype<Params>(stage.params)
  const n = <usize>(stage.width * stage.channels)
  const alpha = alphaMask(stage.channels)
  // Without a threshold nothing is compared: where d is 0, out is in.
  if (params.threshold > 0) sharpenRow(src, blurred, dst, n, params.amount, params.threshold, alpha)
  else sharpenRow(src, blurred, dst, n, params.amount, 0, alpha)
}

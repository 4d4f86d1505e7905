// unsharp_mask: with d = in - blurred, out = |d| > threshold ? clamp((in * 256 + amount * d + 128) >> 8) : in.
// Colour channels; alpha is copied.
//
// amount is Q8, at most 10 * 256 = 2560, so |amount * d| <= 652,800 and the sum stays below 2^20.
// rows[0]: the blurred row; rows[1]: the row that was blurred.

import { Stage } from '../lib/stage'
import { withAlphaOf } from '../lib/vector'

@unmanaged
class Params {
  amount!: i32
  threshold!: i32
}

// @ts-ignore: decorator
@inline
function sharpen(c: v128, d: v128, amount: v128): v128 {
  const half = i32x4.splat(128)
  const c0 = i32x4.shl(i32x4.extend_low_i16x8_s(c), 8)
  const c1 = i32x4.shl(i32x4.extend_high_i16x8_s(c), 8)
  const s0 = i32x4.add(i32x4.add(c0, half), i32x4.extmul_low_i16x8_s(d, amount))
  const s1 = i32x4.add(i32x4.add(c1, half), i32x4.extmul_high_i16x8_s(d, amount))
  return i16x8.narrow_i32x4_s(i32x4.shr_s(s0, 8), i32x4.shr_s(s1, 8))
}

export function unsharp_mask(rows: usize, dst: usize, stage: Stage): void {
  const blurred = <usize>load<u32>(rows)
  const src = <usize>load<u32>(rows, 4)
  const params = changetype<Params>(stage.params)
  const amount = i16x8.splat(<i16>params.amount)
  const threshold = i8x16.splat(<i8>params.threshold)
  const hasAlpha = stage.channels == 4
  const n = <usize>(stage.width * stage.channels)
  for (let x: usize = 0; x < n; x += 16) {
    const c = v128.load(src + x)
    const b = v128.load(blurred + x)
    const cLow = i16x8.extend_low_i8x16_u(c)
    const cHigh = i16x8.extend_high_i8x16_u(c)
    const out = i8x16.narrow_i16x8_u(
      sharpen(cLow, i16x8.sub(cLow, i16x8.extend_low_i8x16_u(b)), amount),
      sharpen(cHigh, i16x8.sub(cHigh, i16x8.extend_high_i8x16_u(b)), amount),
    )
    // One of the two saturating differences is |d|, the other 0.
    const distance = v128.or(i8x16.sub_sat_u(c, b), i8x16.sub_sat_u(b, c))
    const kept = v128.bitselect(out, c, i8x16.gt_u(distance, threshold))
    v128.store(dst + x, hasAlpha ? withAlphaOf(c, kept) : kept)
  }
}

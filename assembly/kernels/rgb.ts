// add_alpha: three channels to four, alpha 255. drop_alpha: four channels to three.

import { alphaMask, pinned } from '../lib/pinned'
import { Stage } from '../lib/stage'

export function add_alpha(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const alpha = alphaMask(4)
  const places = pinned(i8x16(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1))
  for (let x: usize = 0, n = <usize>stage.width; x < n; x += 4) {
    // Sixteen bytes are read and twelve used; the rest lies within the slack.
    const v = v128.load(src + x * 3)
    v128.store(dst + (x << 2), v128.or(i8x16.swizzle(v, places), alpha))
  }
}

export function drop_alpha(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const places = pinned(i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1))
  for (let x: usize = 0, n = <usize>stage.width; x < n; x += 4) {
    const v = v128.load(src + (x << 2))
    v128.store(dst + x * 3, i8x16.swizzle(v, places))
  }
}

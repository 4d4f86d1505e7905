// flop: out[x] = in[W - 1 - x], u8. Exact.
//
// Sixteen bytes at a time from the end of the row. The last ones may be read from up to 15 bytes before it, and are
// written behind the end of the result.

import { pinned } from '../lib/pinned'
import { Stage } from '../lib/stage'

export function flop(rows: usize, dst: usize, stage: Stage): void {
  const n = <usize>(stage.width * stage.channels)
  const last = <usize>load<u32>(rows) + n - 16
  if (stage.channels == 4) {
    for (let x: usize = 0; x < n; x += 16) {
      const v = v128.load(last - x)
      v128.store(dst + x, i8x16.shuffle(v, v, 12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3))
    }
  } else {
    const backwards = pinned(i8x16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0))
    for (let x: usize = 0; x < n; x += 16) {
      const v = v128.load(last - x)
      v128.store(dst + x, i8x16.swizzle(v, backwards))
    }
  }
}

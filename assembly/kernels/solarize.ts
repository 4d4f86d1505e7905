// solarize: out = in >= value ? 255 - in : in. Colour channels; alpha is copied. Exact.

import { Stage } from '../lib/stage'
import { withAlphaOf } from '../lib/vector'

@unmanaged
class Params {
  value!: i32
}

export function solarize(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const value = i8x16.splat(<i8>changetype<Params>(stage.params).value)
  const hasAlpha = stage.channels == 4
  const n = <usize>(stage.width * stage.channels)
  for (let x: usize = 0; x < n; x += 16) {
    const c = v128.load(src + x)
    const out = v128.bitselect(v128.not(c), c, i8x16.ge_u(c, value))
    v128.store(dst + x, hasAlpha ? withAlphaOf(c, out) : out)
  }
}

// solarize: out = in >= value ? 255 - in : in. Colour channels; alpha is copied. Exact.

import { Stage } from '../lib/stage'
import { alphaMask, pinned } from '../lib/pinned'

@unmanaged
class Params {
  value!: i32
}

export function solarize(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const value = pinned(i8x16.splat(<i8>changetype<Params>(stage.params).value))
  const alpha = alphaMask(stage.channels)
  const n = <usize>(stage.width * stage.channels)
  for (let x: usize = 0; x < n; x += 16) {
    const c = v128.load(src + x)
    const out = v128.bitselect(v128.not(c), c, i8x16.ge_u(c, value))
    v128.store(dst + x, v128.bitselect(c, out, alpha))
  }
}

// copy: out[x] = in[x + left]. The rows are chosen by the row loop, so this is crop, and flip as well.

import { Stage } from '../lib/stage'

@unmanaged
class Params {
  left!: i32 // pixels
}

export function copy(rows: usize, dst: usize, stage: Stage): void {
  const pixelBytes = <usize>(stage.channels * stage.bytes)
  const left = <usize>changetype<Params>(stage.params).left
  memory.copy(dst, <usize>load<u32>(rows) + left * pixelBytes, <usize>stage.width * pixelBytes)
}

// lut: out = table[channel][in], for one channel or for four, alpha included. Exact.
//
// Byte by byte, four in a turn: a load for the level, one for its entry, and a store are less work than to take a wider
// load apart and to put a wider store together. Where each channel's table begins is a constant of the instruction.

import { Stage } from '../lib/stage'

@unmanaged
class Params {
  table!: usize // 256 bytes a channel
}

export function lut(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const t = changetype<Params>(stage.params).table
  const n = <usize>(stage.width * stage.channels)
  if (stage.channels == 4) {
    for (let x: usize = 0; x < n; x += 4) {
      const p = src + x
      const q = dst + x
      const r = load<u8>(t + load<u8>(p))
      const g = load<u8>(t + load<u8>(p, 1), 256)
      const b = load<u8>(t + load<u8>(p, 2), 512)
      const a = load<u8>(t + load<u8>(p, 3), 768)
      store<u8>(q, r)
      store<u8>(q, g, 1)
      store<u8>(q, b, 2)
      store<u8>(q, a, 3)
    }
  } else {
    for (let x: usize = 0; x < n; x += 4) {
      const p = src + x
      const q = dst + x
      const a = load<u8>(t + load<u8>(p))
      const b = load<u8>(t + load<u8>(p, 1))
      const c = load<u8>(t + load<u8>(p, 2))
      const d = load<u8>(t + load<u8>(p, 3))
      store<u8>(q, a)
      store<u8>(q, b, 1)
      store<u8>(q, c, 2)
      store<u8>(q, d, 3)
    }
  }
}

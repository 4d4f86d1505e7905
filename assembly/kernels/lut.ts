// lut: out = table[channel][in], for one channel or for four, alpha included. Exact.
//
// Eight bytes at a time through one 64-bit load and one store; the look-ups themselves are scalar.

import { Stage } from '../lib/stage'

@unmanaged
class Params {
  table!: usize // 256 bytes a channel
}

// @ts-ignore: decorator
@inline
function look(table: usize, v: u64, lane: i32): u64 {
  return <u64>load<u8>(table + <usize>((v >> (lane << 3)) & 255)) << (lane << 3)
}

export function lut(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const t = changetype<Params>(stage.params).table
  const n = <usize>(stage.width * stage.channels)
  if (stage.channels == 4) {
    for (let x: usize = 0; x < n; x += 8) {
      const v = load<u64>(src + x)
      store<u64>(
        dst + x,
        look(t, v, 0) | look(t + 256, v, 1) | look(t + 512, v, 2) | look(t + 768, v, 3) |
          look(t, v, 4) | look(t + 256, v, 5) | look(t + 512, v, 6) | look(t + 768, v, 7),
      )
    }
  } else {
    for (let x: usize = 0; x < n; x += 8) {
      const v = load<u64>(src + x)
      store<u64>(
        dst + x,
        look(t, v, 0) | look(t, v, 1) | look(t, v, 2) | look(t, v, 3) |
          look(t, v, 4) | look(t, v, 5) | look(t, v, 6) | look(t, v, 7),
      )
    }
  }
}

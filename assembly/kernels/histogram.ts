// histogram: counts[strip][channel][value] over the pixels of a strip, every channel; 256 u32 a channel. Exact up to
// 2^32 - 1 pixels. A strip counts in its worker's memory and stores that when it ends, so that one which is run again
// counts once. Writes no row.

import { Stage } from '../lib/stage'

@unmanaged
class Params {
  counts!: usize // u32, 256 a channel, for each strip
}

// Layout of the state: the first word tells a new strip, the counts follow at byte 16. Two copies of the
// counts take turns, since adding to the same counter twice in a row waits for the first store.
const COUNTS: usize = 16

// @ts-ignore: decorator
@inline
function count(counts: usize, channel: usize, value: u32): void {
  const p = counts + ((channel * 256 + <usize>value) << 2)
  store<u32>(p, load<u32>(p) + 1)
}

export function histogram(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const channels = <usize>stage.channels
  const sizeBytes: usize = channels * 1024
  const even = stage.state + COUNTS
  const odd = even + sizeBytes
  if (load<i32>(stage.state) == 0) {
    memory.fill(even, 0, sizeBytes * 2)
    store<i32>(stage.state, 1)
  }
  const n = <usize>stage.width * channels
  let x: usize = 0
  if (channels == 4) {
    for (; x + 8 <= n; x += 8) {
      const v = load<u64>(src + x)
      count(even, 0, <u32>(v & 255))
      count(even, 1, <u32>((v >> 8) & 255))
      count(even, 2, <u32>((v >> 16) & 255))
      count(even, 3, <u32>((v >> 24) & 255))
      count(odd, 0, <u32>((v >> 32) & 255))
      count(odd, 1, <u32>((v >> 40) & 255))
      count(odd, 2, <u32>((v >> 48) & 255))
      count(odd, 3, <u32>(v >> 56))
    }
    for (; x < n; x++) count(even, x & 3, load<u8>(src + x))
  } else {
    for (; x + 2 <= n; x += 2) {
      count(even, 0, load<u8>(src + x))
      count(odd, 0, load<u8>(src + x + 1))
    }
    if (x < n) count(even, 0, load<u8>(src + x))
  }
}

export function histogram_finish(strip: usize, dst: usize, stage: Stage): void {
  const sizeBytes = <usize>stage.channels * 1024
  const counts = changetype<Params>(stage.params).counts + strip * sizeBytes
  const even = stage.state + COUNTS
  for (let i: usize = 0; i < sizeBytes; i += 16) {
    v128.store(counts + i, i32x4.add(v128.load(even + i), v128.load(even + sizeBytes + i)))
  }
}

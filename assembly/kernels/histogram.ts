// histogram: counts[strip][channel][value] over the pixels of a strip, every channel but alpha, whose counts stay 0; 256 u32
// a channel. Exact up to 2^32 - 1 pixels. A strip counts in its worker's memory and stores that when it ends, so that one
// which is run again counts once. Writes no row.

import { Stage } from '../lib/stage'

@unmanaged
class Params {
  counts!: usize // u32, 256 a channel, for each strip
}

// Layout of the state: the first word tells a new strip, the counts follow at byte 16. Four copies of the counts take
// turns, since adding to the same counter twice in a row waits for the first store.
const COUNTS: usize = 16
const COPIES: usize = 4

// @ts-ignore: decorator
@inline
function count(counts: usize, value: u32): void {
  const p = counts + (<usize>value << 2)
  store<u32>(p, load<u32>(p) + 1)
}

/** Counts the bytes of eight pixels. */
// @ts-ignore: decorator
@inline
function count8(counts: usize, v: u64): void {
  count(counts, <u32>v & 255)
  count(counts + 1024, (<u32>v >> 8) & 255)
  count(counts + 2048, (<u32>v >> 16) & 255)
  count(counts + 3072, <u32>v >> 24)
  const high = <u32>(v >> 32)
  count(counts, high & 255)
  count(counts + 1024, (high >> 8) & 255)
  count(counts + 2048, (high >> 16) & 255)
  count(counts + 3072, high >> 24)
}

/** Counts the colours of a pixel. */
// @ts-ignore: decorator
@inline
function countColours(counts: usize, v: u32): void {
  count(counts, v & 255)
  count(counts + 1024, (v >> 8) & 255)
  count(counts + 2048, (v >> 16) & 255)
}

export function histogram(rows: usize, dst: usize, stage: Stage): void {
  const src = <usize>load<u32>(rows)
  const channels = <usize>stage.channels
  const sizeBytes: usize = channels * 1024
  const counts = stage.state + COUNTS
  if (load<i32>(stage.state) == 0) {
    memory.fill(counts, 0, sizeBytes * COPIES)
    store<i32>(stage.state, 1)
  }
  const n = <usize>stage.width
  let x: usize = 0
  if (channels == 4) {
    for (; x + 4 <= n; x += 4) {
      const a = load<u64>(src + (x << 2))
      const b = load<u64>(src + (x << 2), 8)
      countColours(counts, <u32>a)
      countColours(counts + 4096, <u32>(a >> 32))
      countColours(counts + 8192, <u32>b)
      countColours(counts + 12288, <u32>(b >> 32))
    }
    for (; x < n; x++) countColours(counts, load<u32>(src + (x << 2)))
  } else {
    for (; x + 8 <= n; x += 8) count8(counts, load<u64>(src + x))
    for (; x < n; x++) count(counts, load<u8>(src + x))
  }
}

export function histogram_finish(strip: usize, dst: usize, stage: Stage): void {
  const sizeBytes = <usize>stage.channels * 1024
  const sums = changetype<Params>(stage.params).counts + strip * sizeBytes
  for (let i: usize = 0; i < sizeBytes; i += 16) {
    let sum = i32x4.splat(0)
    for (let copy: usize = 0; copy < COPIES; copy++) sum = i32x4.add(sum, v128.load(stage.state + COUNTS + copy * sizeBytes + i))
    v128.store(sums + i, sum)
  }
}

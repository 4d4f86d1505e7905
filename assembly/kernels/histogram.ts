// histogram: counts[strip][channel][value] over the pixels of a strip, every channel but alpha, whose counts stay 0; 256 u32
// a channel. Exact up to 2^32 - 1 pixels. A strip counts in its worker's memory and stores that when it ends, so that one
// which is run again counts once. Writes no row.
//
// Strips of many pixels count pairs of bytes, two of one channel, or red and green: one counter of 65,536 is increased where
// two of 256 were. Adding to the same counter twice in a row waits for the first store: eight bytes that are those before
// are counted with them.

import { Stage } from '../lib/stage'

@unmanaged
class Params {
  counts!: usize // u32, 256 a channel, for each strip
}

// Layout of the state: the first word tells a new strip, and what it counts; single bytes are counted from byte 16 on, pairs
// behind them. Of the counters of single bytes there are four, which take turns.
const BYTES: i32 = 1
const PAIRS: i32 = 2
const COUNTS: usize = 16
const COPIES: usize = 4
const PAIRS_BYTES: usize = 262144
/** So many pixels repay clearing the counters of pairs and adding them up. */
const MANY: i32 = 100_000

// @ts-ignore: decorator
@inline
function countsBytes(stage: Stage): usize {
  return <usize>stage.channels << 10
}

// @ts-ignore: decorator
@inline
function pairsOf(stage: Stage): usize {
  return stage.state + COUNTS + COPIES * countsBytes(stage)
}

/** Counts a byte, or a pair of bytes. */
// @ts-ignore: decorator
@inline
function count(counts: usize, value: u32, times: u32): void {
  const p = counts + (<usize>value << 2)
  store<u32>(p, load<u32>(p) + times)
}

/** Counts the colours of a pixel. */
// @ts-ignore: decorator
@inline
function countColours(counts: usize, v: u32): void {
  count(counts, v & 255, 1)
  count(counts + 1024, (v >> 8) & 255, 1)
  count(counts + 2048, (v >> 16) & 255, 1)
}

// @ts-ignore: decorator
@inline
function countBytes(src: usize, n: usize, counts: usize, isColour: bool): void {
  let x: usize = 0
  if (isColour) {
    for (; x + 16 <= n; x += 16) {
      countColours(counts, load<u32>(src + x))
      countColours(counts + 4096, load<u32>(src + x, 4))
      countColours(counts + 8192, load<u32>(src + x, 8))
      countColours(counts + 12288, load<u32>(src + x, 12))
    }
    for (; x < n; x += 4) countColours(counts, load<u32>(src + x))
  } else {
    for (; x + 4 <= n; x += 4) {
      count(counts, load<u8>(src + x), 1)
      count(counts + 1024, load<u8>(src + x, 1), 1)
      count(counts + 2048, load<u8>(src + x, 2), 1)
      count(counts + 3072, load<u8>(src + x, 3), 1)
    }
    for (; x < n; x++) count(counts, load<u8>(src + x), 1)
  }
}

/** Counts eight bytes. */
// @ts-ignore: decorator
@inline
function countPairs(pairs: usize, counts: usize, v: u64, times: u32, isColour: bool): void {
  const low = <u32>v
  const high = <u32>(v >> 32)
  count(pairs, low & 0xffff, times)
  count(pairs, high & 0xffff, times)
  if (isColour) {
    count(counts + 2048, (low >> 16) & 255, times)
    count(counts + 6144, (high >> 16) & 255, times)
  } else {
    count(pairs, low >> 16, times)
    count(pairs, high >> 16, times)
  }
}

/** Counts whole eights of bytes, and returns how many bytes they are. */
// @ts-ignore: decorator
@inline
function countEights(src: usize, n: usize, pairs: usize, counts: usize, isColour: bool): usize {
  const end = n & ~7
  let before: u64 = 0
  let times: u32 = 0
  for (let x: usize = 0; x < end; x += 8) {
    const v = load<u64>(src + x)
    if (v != before) {
      countPairs(pairs, counts, before, times, isColour)
      before = v
      times = 0
    }
    times++
  }
  countPairs(pairs, counts, before, times, isColour)
  return end
}

export function histogram(rows: usize, dst: usize, stage: Stage): void {
  const counts = stage.state + COUNTS
  const pairs = pairsOf(stage)
  if (load<i32>(stage.state) == 0) {
    memory.fill(counts, 0, COPIES * countsBytes(stage))
    const isLarge = (stage.until - stage.next) * stage.width >= MANY
    if (isLarge) memory.fill(pairs, 0, PAIRS_BYTES)
    store<i32>(stage.state, isLarge ? PAIRS : BYTES)
  }
  const isColour = stage.channels == 4
  let src = <usize>load<u32>(rows)
  let n = <usize>(stage.width * stage.channels)
  if (load<i32>(stage.state) == PAIRS) {
    const counted = isColour ? countEights(src, n, pairs, counts, true) : countEights(src, n, pairs, counts, false)
    src += counted
    n -= counted
  }
  if (isColour) countBytes(src, n, counts, true)
  else countBytes(src, n, counts, false)
}

/** Adds the counts of pairs to those of their first bytes and of their second. */
function addPairs(pairs: usize, first: usize, second: usize): void {
  for (const end = second + 1024; second < end; second += 4) {
    let sum = i32x4.splat(0)
    for (let low: usize = 0; low < 1024; low += 16, pairs += 16) {
      const four = v128.load(pairs)
      sum = i32x4.add(sum, four)
      v128.store(first + low, i32x4.add(v128.load(first + low), four))
    }
    sum = i32x4.add(sum, i8x16.shuffle(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7))
    store<i32>(second, load<i32>(second) + i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1))
  }
}

export function histogram_finish(strip: usize, dst: usize, stage: Stage): void {
  const sizeBytes = countsBytes(stage)
  const sums = changetype<Params>(stage.params).counts + strip * sizeBytes
  for (let i: usize = 0; i < sizeBytes; i += 16) {
    let sum = i32x4.splat(0)
    for (let copy: usize = 0; copy < COPIES; copy++) sum = i32x4.add(sum, v128.load(stage.state + COUNTS + copy * sizeBytes + i))
    v128.store(sums + i, sum)
  }
  if (load<i32>(stage.state) == PAIRS) addPairs(pairsOf(stage), sums, stage.channels == 4 ? sums + 1024 : sums)
}

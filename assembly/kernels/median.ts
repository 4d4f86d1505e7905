// median: the middle of (2 radius + 1)^2 values, of every channel. Exact: it is one of them.
//
// Every column of the window's height has counts of its values, which change by one value in and one out from row to
// row; the counts of a window change by one column in and one out from pixel to pixel (Perreault and Hébert, "Median
// filtering in constant time", 2007). So the time does not depend on the radius.
//
// Values are counted on two levels of sixteen bins: by their high four bits, and within each of those ("segment") by their
// low four bits. Bins are cumulative: bin k counts the values up to k. A value adds a vector of 0s and 1s to
// sixteen bins at once, and the bin that the middle is in is the first one above `half`, which one comparison
// finds. A window's counts of a segment are brought up to date when the middle falls into it, not before.
//
// A column counts at most 101 values, which fits u8, and differences of two fit i8; a window counts at most 10201.

import { pinned } from '../lib/pinned'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  radius!: i32
}

// The state, by offset. The first word is 0 at the first row of a strip.
// At MASKS + 16 k: sixteen bytes, 1 from byte k on.
const MASKS: usize = 64
// The window's counts by high bits, u16, after two bytes of 0 at least.
const COARSE: usize = 336
// For each segment, and for none, the place up to which its counts are right, i32.
const PLACES: usize = 368
// For each segment, and for none, the window's counts by low bits, u16.
const FINE: usize = 448
// The end of the window's part: 16 coarse bins for each column follow, then 16 segments of 16 bins for each.
const WINDOW_BYTES: usize = 1024

const NO_SEGMENT: usize = 16
/** A place so far back that counts from there are of no use. */
const NOWHERE: i32 = -100000

// Counts a value in a column.
// @ts-ignore: decorator
@inline
function count(coarse: usize, fine: usize, masks: usize, value: usize): void {
  const high = value & 0xf0
  v128.store(coarse, i8x16.add(v128.load(coarse), v128.load(masks + high)))
  v128.store(fine + high, i8x16.add(v128.load(fine + high), v128.load(masks + ((value & 15) << 4))))
}

// Counts one value in a column and another one no longer. Gives back the coarse bins.
// @ts-ignore: decorator
@inline
function replace(coarse: usize, fine: usize, masks: usize, enters: usize, leaves: usize): v128 {
  const high = enters & 0xf0
  const gone = leaves & 0xf0
  const bins = i8x16.sub(i8x16.add(v128.load(coarse), v128.load(masks + high)), v128.load(masks + gone))
  v128.store(coarse, bins)
  v128.store(fine + high, i8x16.add(v128.load(fine + high), v128.load(masks + ((enters & 15) << 4))))
  v128.store(fine + gone, i8x16.sub(v128.load(fine + gone), v128.load(masks + ((leaves & 15) << 4))))
  return bins
}

// The first of a window's sixteen bins that is above `limit`; the last always is.
// @ts-ignore: decorator
@inline
function firstAbove(low: v128, high: v128, limit: v128): usize {
  return <usize>ctz(i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.gt_s(low, limit), i16x8.gt_s(high, limit))))
}

export function median(rows: usize, dst: usize, stage: Stage): void {
  const radius = changetype<Params>(stage.params).radius
  const channels = <usize>stage.channels
  const width = stage.width
  // Column j of a channel is the pixel that lies `radius` to the left of pixel j.
  const reach = <usize>radius << 1
  const columns = <usize>width + reach
  const taps = 2 * radius + 1
  const half = pinned(i16x8.splat(<i16>((taps * taps - 1) >> 1)))
  const masks = stage.state + MASKS
  const coarse = stage.state + COARSE
  const places = stage.state + PLACES
  const fine = stage.state + FINE
  const side = <usize>radius * channels
  const isFirst = load<i32>(stage.state) == 0
  if (isFirst) {
    memory.fill(stage.state, 0, WINDOW_BYTES + columns * channels * 272)
    store<i32>(stage.state, 1)
    for (let k: usize = 0; k < 16; k++) {
      for (let bin = k; bin < 16; bin++) store<u8>(masks + (k << 4) + bin, 1)
    }
  }

  for (let channel: usize = 0; channel < channels; channel++) {
    const coarseOf = stage.state + WINDOW_BYTES + ((channel * columns) << 4)
    const fineOf = stage.state + WINDOW_BYTES + ((channels * columns) << 4) + ((channel * columns) << 8)
    if (isFirst) {
      for (let tap = 1; tap <= taps; tap++) {
        const row = <usize>load<u32>(rows + (<usize>tap << 2)) - side + channel
        for (let j: usize = 0; j < columns; j++) count(coarseOf + (j << 4), fineOf + (j << 8), masks, load<u8>(row + j * channels))
      }
    }

    // The first window, by high bits. Its columns are brought up to this row on the way, as later ones below.
    let leaving = <usize>load<u32>(rows) - side + channel
    let entering = <usize>load<u32>(rows + (<usize>taps << 2)) - side + channel
    let low = i32x4.splat(0)
    let high = low
    for (let j: usize = 0; j < reach; j++) {
      if (!isFirst) replace(coarseOf + (j << 4), fineOf + (j << 8), masks, load<u8>(entering), load<u8>(leaving))
      entering += channels
      leaving += channels
      const bins = v128.load(coarseOf + (j << 4))
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(bins))
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(bins))
    }
    for (let segment: usize = 0; segment < 16; segment++) store<i32>(places + (segment << 2), NOWHERE)

    // The segment that the middle was in last, and the window's counts of it.
    let current = NO_SEGMENT
    let lowOf = low
    let highOf = high
    let gone = i32x4.splat(0)
    for (let x = 0; x < width; x++) {
      const coarseAt = coarseOf + (<usize>x << 4)
      const fineAt = fineOf + (<usize>x << 8)
      const last = coarseAt + (reach << 4)
      const bins = isFirst ? v128.load(last) : replace(last, fineAt + (reach << 8), masks, load<u8>(entering), load<u8>(leaving))
      entering += channels
      leaving += channels
      const d = i8x16.sub(bins, gone)
      gone = v128.load(coarseAt)
      low = i16x8.add(low, i16x8.extend_low_i8x16_s(d))
      high = i16x8.add(high, i16x8.extend_high_i8x16_s(d))
      v128.store(coarse, low)
      v128.store(coarse, high, 16)

      const segment = firstAbove(low, high, half)
      // What is below the segment is in the bin before it, and 0 before the first.
      const rest = i16x8.sub(half, v128.load16_splat(coarse + (segment << 1) - 2))
      if (segment == current) {
        const at = fineAt + (segment << 4)
        const change = i8x16.sub(v128.load(at + (reach << 8)), v128.load(at - 256))
        lowOf = i16x8.add(lowOf, i16x8.extend_low_i8x16_s(change))
        highOf = i16x8.add(highOf, i16x8.extend_high_i8x16_s(change))
      } else {
        store<i32>(places + (current << 2), x - 1)
        v128.store(fine + (current << 5), lowOf)
        v128.store(fine + (current << 5), highOf, 16)
        const from = load<i32>(places + (segment << 2))
        if (x - from > radius) {
          lowOf = i32x4.splat(0)
          highOf = i32x4.splat(0)
          const end = fineAt + (segment << 4) + (reach << 8)
          for (let at = fineAt + (segment << 4); at <= end; at += 256) {
            const counts = v128.load(at)
            lowOf = i16x8.add(lowOf, i16x8.extend_low_i8x16_u(counts))
            highOf = i16x8.add(highOf, i16x8.extend_high_i8x16_u(counts))
          }
        } else {
          lowOf = v128.load(fine + (segment << 5))
          highOf = v128.load(fine + (segment << 5), 16)
          for (let at = fineOf + (<usize>from << 8) + (segment << 4); at < fineAt + (segment << 4); at += 256) {
            const change = i8x16.sub(v128.load(at + (reach << 8) + 256), v128.load(at))
            lowOf = i16x8.add(lowOf, i16x8.extend_low_i8x16_s(change))
            highOf = i16x8.add(highOf, i16x8.extend_high_i8x16_s(change))
          }
        }
        current = segment
      }
      store<u8>(dst, (segment << 4) + firstAbove(lowOf, highOf, rest))
      dst += channels
    }
    dst += 1 - <usize>width * channels
  }
}

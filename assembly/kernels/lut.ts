// lut: out = table[channel][in], for one channel or for four, alpha included. Exact.
//
// Looked up by pairs of bytes: a load for two levels, one for their entries and a store take half of what they take byte by byte,
// and less than sixteen swizzles. The pairs, 65,536 entries of u16 for red and green and as many for blue and alpha, or one table
// for one channel, are made of the table once a strip: some microseconds. They fit a second-level cache; those that a picture has
// are mostly few.

import { zipHighI8, zipLowI8 } from '../lib/vector'
import { Stage } from '../lib/stage'

@unmanaged
class Params {
  table!: usize // 256 bytes a channel
}

// The state: the first word tells a new strip, the pairs follow at byte 16.
const PAIRS: usize = 16
const PAIRS_BYTES: usize = 131072

/** The entry of a pair that a little-endian load reads as `second << 8 | first`. */
function makePairs(pairs: usize, first: usize, second: usize): void {
  for (let high: usize = 0; high < 256; high++) {
    const upper = v128.load8_splat(second + high)
    for (let low: usize = 0; low < 256; low += 16, pairs += 32) {
      const lower = v128.load(first + low)
      v128.store(pairs, zipLowI8(lower, upper))
      v128.store(pairs, zipHighI8(lower, upper), 16)
    }
  }
}

// @ts-ignore: decorator
@inline
function twoBytes(p: usize, q: usize, pairs: usize): void {
  store<u16>(q, load<u16>(pairs + ((<usize>load<u16>(p)) << 1)))
}

// @ts-ignore: decorator
@inline
function pairRow(src: usize, dst: usize, n: usize, redGreen: usize, blueAlpha: usize): void {
  for (let x: usize = 0; x < n; x += 16) {
    const p = src + x
    const q = dst + x
    twoBytes(p, q, redGreen)
    twoBytes(p + 2, q + 2, blueAlpha)
    twoBytes(p + 4, q + 4, redGreen)
    twoBytes(p + 6, q + 6, blueAlpha)
    twoBytes(p + 8, q + 8, redGreen)
    twoBytes(p + 10, q + 10, blueAlpha)
    twoBytes(p + 12, q + 12, redGreen)
    twoBytes(p + 14, q + 14, blueAlpha)
  }
}

export function lut(rows: usize, dst: usize, stage: Stage): void {
  const isColour = stage.channels == 4
  const redGreen = stage.state + PAIRS
  const blueAlpha = isColour ? redGreen + PAIRS_BYTES : redGreen
  if (load<u32>(stage.state) == 0) {
    const t = changetype<Params>(stage.params).table
    makePairs(redGreen, t, isColour ? t + 256 : t)
    if (isColour) makePairs(blueAlpha, t + 512, t + 768)
    store<u32>(stage.state, 1)
  }
  pairRow(<usize>load<u32>(rows), dst, <usize>(stage.width * stage.channels), redGreen, blueAlpha)
}

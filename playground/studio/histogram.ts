// How often each level occurs. Of large pictures only some pixels are looked at: a plot needs no more.
import type { Image } from '../../src/image.js'

export interface Histogram {
  /** 256 counters for each colour channel: one, or three. */
  readonly counts: readonly Uint32Array[]
  /** One pixel in so many was counted. */
  readonly every: number
  /** The mean level of all that was counted. */
  readonly mean: number
}

/** At about 1 ns a sample this is no more than a millisecond or two. */
const MOST_PIXELS = 2 ** 18

export function histogramOf({ width, height, channels, data }: Image): Histogram {
  const pixels = width * height
  const every = strideFor(pixels, width)
  const counts = Array.from({ length: channels === 1 ? 1 : 3 }, () => new Uint32Array(256))
  let sum = 0
  let samples = 0
  counts.forEach((levels, channel) => {
    for (let i = channel; i < data.length; i += every * channels) {
      const level = data[i] as number
      levels[level]!++
      sum += level
      samples++
    }
  })
  return { counts, every, mean: sum / samples }
}

/** A distance between samples that shares no factor with the width, so that they do not stand in columns. */
function strideFor(pixels: number, width: number): number {
  let every = Math.max(1, Math.ceil(pixels / MOST_PIXELS))
  while (every > 1 && divisor(every, width) > 1) every++
  return every
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

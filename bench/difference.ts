// What is timed has to be the same picture.
import type { Image } from '../src/index.js'
import type { Bound } from './contender.js'

/** Two libraries that do the same round in their own ways. */
export const USUAL: Bound = { mean: 0.6, most: 4 }

const EXACT: Bound = { mean: 0, most: 0 }

export interface Difference extends Bound {
  /** Of another size; nothing was compared. */
  readonly size?: string
}

/** How far two images are apart. */
export function differenceOf(a: Image, b: Image, ignoresAlpha = false): Difference {
  const size = ({ width, height, channels }: Image): string => `${width} x ${height} x ${channels}`
  if (size(a) !== size(b)) return { mean: 255, most: 255, size: `${size(a)} instead of ${size(b)}` }
  let most = 0
  let sum = 0
  let count = 0
  const skipped = ignoresAlpha && a.channels === 4 ? 3 : 4
  for (let i = 0; i < a.data.length; i++) {
    if ((i & 3) === skipped) continue
    const off = Math.abs((a.data[i] as number) - (b.data[i] as number))
    count++
    sum += off
    if (off > most) most = off
  }
  return { mean: sum / count, most }
}

export const isWithin = ({ mean, most }: Difference, bound: Bound): boolean => mean <= bound.mean && most <= bound.most

export const isSame = (a: Image, b: Image): boolean => isWithin(differenceOf(a, b), EXACT)

/** A hash of size and bytes. */
export async function digestOf({ width, height, channels, data }: Image): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', data as Uint8ClampedArray<ArrayBuffer>)
  return `${width} ${height} ${channels} ${[...new Uint8Array(hash)].join(' ')}`
}

export function describe({ mean, most, size }: Difference): string {
  if (size !== undefined) return size
  return most === 0 ? 'the same' : `differs by ${mean.toFixed(2)} on average, ${most} at most`
}

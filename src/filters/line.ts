/** out = clamp((scale * in + offset) >> shift, 0, 255). */
export interface Line {
  readonly scale: number
  readonly offset: number
  readonly shift: number
}

/** Fractional bits: many for gentle lines; few for steep ones, which have few levels between 0 and 255. */
const SHIFTS = [20, 16]
/** |scale| stays below this, so that kernels can take it apart into two factors of 16 bits. */
const MAX_SCALE = 2 ** 22

/**
 * The line that a table of 256 entries a channel follows exactly, with the ends clamped, if any: arithmetic is faster than
 * looking up. Colours have to share a table, and alpha has to stay. With a shift of 0 it is an inversion, where scale is -1, or else
 * a step from 0 to 255.
 */
export function lineOf(table: Uint8Array): Line | undefined {
  const levels = table.subarray(0, 256)
  if (table.length > 256 && !isForColour(table, levels)) return undefined
  if (levels.every((level, i) => level === 255 - i)) return { scale: -1, offset: 255, shift: 0 }
  const step = levels.indexOf(255)
  if (step > 0 && levels.every((level, i) => level === (i < step ? 0 : 255))) return { scale: 255, offset: 255 * (1 - step), shift: 0 }
  for (const shift of SHIFTS) {
    const found = fit(levels, shift)
    if (found !== undefined) return found
  }
  return undefined
}

const isForColour = (table: Uint8Array, levels: Uint8Array): boolean =>
  table.every((level, i) => level === (i >> 8 === 3 ? i & 255 : (levels[i & 255] as number)))

/**
 * Every level bounds the line from below, from above, or both. For a scale, the offset has to lie between the highest lower
 * bound and the lowest upper one; where these cross, they are two levels' bounds, and tell how far the scale has to move
 * before those two fit. That excludes nothing that fits, so that the search ends at a line or finds that there is none.
 */
function fit(levels: Uint8Array, shift: number): Line | undefined {
  const unit = 2 ** shift
  let scale = 0
  let least = 1 - MAX_SCALE
  let most = MAX_SCALE - 1
  while (least <= scale && scale <= most) {
    let [from, low] = [0, Number.NEGATIVE_INFINITY]
    let [to, high] = [0, Number.POSITIVE_INFINITY]
    for (let i = 0; i < 256; i++) {
      const level = levels[i] as number
      const lower = level === 0 ? Number.NEGATIVE_INFINITY : level * unit - scale * i
      const upper = level === 255 ? Number.POSITIVE_INFINITY : (level + 1) * unit - 1 - scale * i
      if (lower > low) [from, low] = [i, lower]
      if (upper < high) [to, high] = [i, upper]
    }
    if (low <= high) return { scale, offset: Number.isFinite(low) ? low : high, shift }
    // low - high shrinks by `from - to` for each 1 that the scale grows.
    const move = (low - high) / (from - to)
    scale += move > 0 ? Math.ceil(move) : Math.floor(move)
    if (move > 0) least = scale
    else most = scale
  }
  return undefined
}

/**
 * What lies outside an image. For a row `a b c d`:
 *
 *     replicate     a a a | a b c d | d d d
 *     reflect       c b a | a b c d | d c b
 *     reflect-101   d c b | a b c d | c b a
 *     wrap          b c d | a b c d | a b c
 *     constant      f f f | a b c d | f f f
 */
export const BORDERS = ['replicate', 'reflect', 'reflect-101', 'wrap', 'constant'] as const
export type Border = (typeof BORDERS)[number]

const modulo = (i: number, n: number): number => ((i % n) + n) % n

/** The index in 0..n-1 that stands in for `i`, or -1 where the border is a constant. */
export function mapIndex(i: number, n: number, border: Border): number {
  if (i >= 0 && i < n) return i
  switch (border) {
    case 'replicate':
      return i < 0 ? 0 : n - 1
    case 'reflect': {
      const m = modulo(i, 2 * n)
      return m < n ? m : 2 * n - 1 - m
    }
    case 'reflect-101': {
      if (n === 1) return 0
      const m = modulo(i, 2 * n - 2)
      return m < n ? m : 2 * n - 2 - m
    }
    case 'wrap':
      return modulo(i, n)
    case 'constant':
      return -1
  }
}

/** Rows `from` to `to - 1`. */
export interface Rows {
  readonly from: number
  readonly to: number
}

/** The rows inside an image of `n` rows that stand for rows `from` to `to - 1`; at least one. */
export function rowsSeen(from: number, to: number, n: number, border: Border = 'replicate'): Rows {
  if (from >= 0 && to <= n) return { from, to }
  const inside = { from: Math.min(Math.max(from, 0), n - 1), to: Math.max(Math.min(to, n), 1) }
  if (border === 'replicate' || border === 'constant') return inside
  if (border === 'wrap') return { from: 0, to: n }
  return {
    from: from < 0 ? 0 : Math.max(0, Math.min(inside.from, 2 * n - 1 - to)),
    to: to > n ? n : Math.min(n, Math.max(inside.to, 1 - from)),
  }
}

// Tables of weights: what the kernels' headers say about them.
import { describe, expect, test } from 'vitest'
import type { Weights } from '../../src/filters/maths.js'
import { weightsOf } from '../../src/filters/resize.js'

const KERNELS = ['lanczos3', 'lanczos2', 'bicubic', 'mitchell', 'bilinear', 'box'] as const
const LENGTHS = [...Array.from({ length: 40 }, (_, i) => i + 1), 55, 64, 100, 127, 250, 999]

function places({ taps, weights, starts }: Weights): number[][] {
  return Array.from(starts, (_, i) => [...weights.subarray(i * taps, (i + 1) * taps)])
}

describe.each(KERNELS)('%s', (kernel) => {
  test('sums are exact, starts ascend inside the image, and two axes stay within i16', () => {
    let largest = 0
    let smallest = 0
    for (const from of LENGTHS) {
      for (const to of LENGTHS) {
        const table = weightsOf(kernel, from, to)
        expect(table.starts.length).toBe(to)
        expect(table.starts.every((start, i) => start >= (table.starts[i - 1] ?? 0) && start + table.taps <= from)).toBe(true)
        for (const weights of places(table)) {
          const positive = weights.reduce((sum, w) => sum + Math.max(0, w), 0)
          const negative = weights.reduce((sum, w) => sum + Math.min(0, w), 0)
          expect(positive + negative).toBe(2 ** table.shift)
          largest = Math.max(largest, positive / 2 ** table.shift)
          smallest = Math.min(smallest, negative / 2 ** table.shift)
        }
      }
    }
    // One axis takes 0..16320 to 16320 * smallest..16320 * largest, the other takes that to at most this.
    const most = 16320 * (largest * largest + smallest * smallest)
    console.log(`${kernel}: weights above 0 sum to at most ${largest.toFixed(4)}; after two axes at most ${most.toFixed(0)}`)
    expect(largest).toBeLessThanOrEqual(1.3)
    expect(most).toBeLessThanOrEqual(32767 - 32)
  })
})

test('an axis that a triangle halves has the same weights everywhere but at its ends', () => {
  for (let to = 3; to <= 300; to++) {
    const table = weightsOf('bilinear', 2 * to, to)
    expect(table.shift).toBe(15)
    for (const [i, weights] of places(table).slice(1, -1).entries()) {
      expect(weights).toEqual([4096, 12288, 12288, 4096])
      expect(table.starts[i + 1]).toBe(2 * i + 1)
    }
  }
})

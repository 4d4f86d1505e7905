// Tables that become arithmetic: the line gives the table's every level, or there is none.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Line, lineOf } from '../../src/filters/line.js'

const clamp = (level: number): number => Math.max(0, Math.min(255, level))
const tableOf = (curve: (level: number) => number): Uint8Array => Uint8Array.from({ length: 256 }, (_, level) => clamp(Math.round(curve(level))))

/** What kernels make of a line. */
function followed(table: Uint8Array): Uint8Array {
  const { scale, offset, shift } = lineOf(table) as Line
  // Kernels compute in i32; what would not fit there would be other levels here.
  return Uint8Array.from({ length: 256 }, (_, level) => clamp(((Math.imul(scale, level) + offset) | 0) >> shift))
}

test('gentle and steep lines are found, clamped at the ends or not', () => {
  let found = 0
  fc.assert(
    fc.property(fc.double({ min: -60, max: 60, noNaN: true }), fc.double({ min: 0, max: 255, noNaN: true }), fc.double({ min: 0, max: 255, noNaN: true }), (slope, x, y) => {
      const table = tableOf((level) => slope * (level - x) + y)
      if (lineOf(table) === undefined) return
      found++
      expect(followed(table)).toEqual(table)
    }),
    { numRuns: 3000 },
  )
  // Those with more places than the fixed point has are few.
  expect(found).toBeGreaterThan(2800)
  console.log(`lines: ${found} of 3000 tables are arithmetic`)
})

test('of tables that are no lines none is found', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 254 }), fc.integer({ min: 2, max: 255 }), (at, level, by) => {
      const table = tableOf((i) => i)
      // One level stands out.
      table[level] = clamp((table[level] as number) + (at % 2 === 0 ? by : -by))
      if (Math.abs((table[level] as number) - level) < 2) return
      expect(lineOf(table)).toBeUndefined()
    }),
  )
  expect(lineOf(tableOf((level) => 255 * (level / 255) ** (1 / 2.2)))).toBeUndefined()
})

describe('four channels', () => {
  const invert = tableOf((level) => 255 - level)
  const same = tableOf((level) => level)

  test('share a line where alpha stays', () => {
    expect(lineOf(Uint8Array.of(...invert, ...invert, ...invert, ...same))).toEqual({ scale: -1, offset: 255, shift: 0 })
  })

  test('have none where a colour differs, or alpha changes', () => {
    expect(lineOf(Uint8Array.of(...invert, ...same, ...invert, ...same))).toBeUndefined()
    expect(lineOf(Uint8Array.of(...invert, ...invert, ...invert, ...invert))).toBeUndefined()
  })
})

test('a step is one', () => {
  for (const from of [1, 40, 128, 255]) {
    const table = tableOf((level) => (level >= from ? 255 : 0))
    expect(lineOf(table)).toMatchObject({ scale: 255, shift: 0 })
    expect(followed(table)).toEqual(table)
  }
})

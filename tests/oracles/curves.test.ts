// Table filters against closed forms and against what such a curve has to be, level by level.
import { expect, test } from 'vitest'
import type { Step } from '../../src/filters/define.js'
import { gamma, invert, levels, linear, lut, posterize, threshold } from '../../src/filters/factories.js'
import { StepError } from '../../src/index.js'
import { compile } from '../../src/plan.js'
import { makeImage } from '../helpers/images.js'
import { curveOf, ramp, reference } from '../helpers/reference.js'

/** Levels are within half a level of the exact value: rounded to the nearest. */
async function check(step: Step, exact: (level: number) => number): Promise<void> {
  const curve = await curveOf(step)
  curve.forEach((level, from) => {
    const target = Math.min(255, Math.max(0, exact(from)))
    expect(Math.abs(level - target), `${JSON.stringify(step)} at ${from}`).toBeLessThanOrEqual(0.5 + 1e-9)
  })
}

const power = (base: number, exponent: number): number => (base === 0 ? 0 : Math.exp(exponent * Math.log(base)))

test('linear', async () => {
  for (const scale of [0, 1, 1.37, -2, 256]) {
    for (const offset of [0, -20.25, 130, 65536, -65536]) await check(linear({ scale, offset }), (c) => offset + c * scale)
  }
  // Halves go up.
  expect([...(await curveOf(linear({ scale: 0.5 })))].slice(0, 6)).toEqual([0, 1, 1, 2, 2, 3])
  expect(await curveOf(linear({ scale: -1, offset: 255 }))).toEqual(await curveOf(invert()))
})

test('gamma', async () => {
  for (const value of [0.1, 0.45, 1, 1.8, 2.2, 10]) {
    await check(gamma({ gamma: value }), (c) => 255 * power(c / 255, 1 / value))
    const curve = await curveOf(gamma({ gamma: value }))
    expect([curve[0], curve[255]]).toEqual([0, 255])
    expect(curve.every((level, i) => i === 0 || level >= (curve[i - 1] as number))).toBe(true)
  }
  expect(await curveOf(gamma({ gamma: 1 }))).toEqual(ramp().data)
  // Squares and square roots are plain arithmetic.
  expect(await curveOf(gamma({ gamma: 0.5 }))).toEqual(ramp().data.map((c) => Math.round((c * c) / 255)))
  expect(await curveOf(gamma({ gamma: 2 }))).toEqual(ramp().data.map((c) => Math.round(Math.sqrt(c * 255))))
})

test('levels', async () => {
  const cases = [
    { inBlack: 30, inWhite: 200, gamma: 1, outBlack: 0, outWhite: 255 },
    { inBlack: 0, inWhite: 255, gamma: 2.2, outBlack: 0, outWhite: 255 },
    { inBlack: 20.5, inWhite: 21, gamma: 0.3, outBlack: 10, outWhite: 99.5 },
    { inBlack: 64, inWhite: 192, gamma: 1.5, outBlack: 230, outWhite: 12 },
  ]
  for (const { inBlack, inWhite, gamma: value, outBlack, outWhite } of cases) {
    await check(levels({ inBlack, inWhite, gamma: value, outBlack, outWhite }), (c) => {
      if (c <= inBlack) return outBlack
      if (c >= inWhite) return outWhite
      return outBlack + (outWhite - outBlack) * power((c - inBlack) / (inWhite - inBlack), 1 / value)
    })
  }
  expect(await curveOf(levels())).toEqual(ramp().data)
  expect(await curveOf(levels({ gamma: 1.7 }))).toEqual(await curveOf(gamma({ gamma: 1.7 })))
  expect(await curveOf(levels({ outBlack: 255, outWhite: 0 }))).toEqual(await curveOf(invert()))
  expect(() => levels({ inBlack: 100, inWhite: 100 })).toThrow('levels: expected inBlack to be less than inWhite, got 100 and 100')
})

test('posterize leaves levels at even distances and divides the range into parts of the same size', async () => {
  for (const count of [2, 3, 4, 7, 16, 100, 255, 256]) {
    const curve = await curveOf(posterize({ levels: count }))
    const left = [...new Set(curve)]
    expect(left).toEqual(Array.from({ length: count }, (_, i) => Math.round((i * 255) / (count - 1))))
    expect(left.map((level) => curve.indexOf(level))).toEqual(left.map((_, i) => Math.ceil((256 * i) / count)))
  }
  expect(await curveOf(posterize({ levels: 2 }))).toEqual(await curveOf(threshold({ value: 128 })))
})

test('lut looks every channel up in its own part of the table', async () => {
  const image = makeImage(19, 7, 4, 'noise', 21)
  const part = (step: number): number[] => Array.from({ length: 256 }, (_, level) => (level * step + 5) % 256)
  const parts = [3, 7, 11, 13].map(part)
  const expected = (count: number) => image.data.map((level, i) => (count === 1 && i % 4 < 3 ? parts[0] : i % 4 < count ? parts[i % 4] : undefined)?.[level] ?? level)
  for (const count of [1, 3, 4]) {
    const { data } = await reference(image, lut({ table: Uint8Array.from(parts.slice(0, count).flat()) }))
    expect(data, `${count} parts`).toEqual(expected(count))
  }
})

test('lut on one channel takes one table', () => {
  const source = { width: 4, height: 4, channels: 1, format: 'u8' } as const
  expect(() => compile([lut({ table: new Uint8Array(768) })], source, false)).toThrow(StepError)
  expect(() => compile([lut({ table: new Uint8Array(768) })], source, false)).toThrow('step 1, lut: expected a table of 256 entries for an image with 1 channel, got 768')
  expect(() => lut({ table: new Uint8Array(100) })).toThrow('lut: expected table to be a list of 256 or 768 or 1024 whole numbers')
})

test('lut keeps an image opaque unless its table changes full alpha', () => {
  const keeps = (length: number, last: number): boolean => {
    const step = lut({ table: Array.from({ length }, (_, i) => (i === length - 1 ? last : i & 255)) })
    return step.filter.keepsOpaque?.(step.values) ?? true
  }
  expect([keeps(256, 0), keeps(768, 0), keeps(1024, 255), keeps(1024, 254)]).toEqual([true, true, true, false])
})

// The colour filters of CSS and SVG against the formulas of their specifications, in doubles and straight from the
// text: https://www.w3.org/TR/filter-effects-1/. All colours of a coarse cube.
import { expect, test } from 'vitest'
import type { Step } from '../../src/filters/define.js'
import { brightness, colorMatrix, contrast, grayscale, hueRotate, luminance, saturate, sepia } from '../../src/filters/factories.js'
import type { Image } from '../../src/image.js'
import { random } from '../helpers/images.js'
import { reference } from '../helpers/reference.js'

type Colour = readonly [number, number, number, number]
type Formula = (colour: Colour) => readonly number[]

/** 16 levels of each colour: 4096 pixels, with the given alpha or all sorts of them. */
function cube(alpha?: number): Image {
  const data = Uint8ClampedArray.from({ length: 4096 * 4 }, (_, i) => {
    const pixel = i >> 2
    return i % 4 === 3 ? (alpha ?? (pixel * 37) % 256) : 17 * ((pixel >> (4 * (i % 4))) % 16)
  })
  return { width: 64, height: 64, channels: 4, data }
}

/** Rounding moves a level by half of one; quantised factors move a sum of products by `slack` more. */
async function check(step: Step, formula: Formula, slack: number): Promise<void> {
  const image = cube()
  const { data } = await reference(image, step)
  let most = 0
  for (let i = 0; i < data.length; i += 4) {
    const colour = Array.from(image.data.subarray(i, i + 4), (level) => level / 255) as unknown as Colour
    const exact = formula(colour).map((value) => Math.min(255, Math.max(0, 255 * value)))
    exact.forEach((value, c) => {
      most = Math.max(most, Math.abs(value - (data[i + c] as number)))
    })
  }
  expect(most, JSON.stringify(step)).toBeLessThanOrEqual(0.5 + slack)
}

/** A 3x3 colour matrix as the specification writes it. */
const matrix = (m: readonly (readonly number[])[]): Formula => ([r, g, b, a]) => [
  ...m.map(([mr = 0, mg = 0, mb = 0]) => mr * r + mg * g + mb * b),
  a,
]

test('brightness() is a linear transfer function', async () => {
  for (const amount of [0, 0.4, 1, 1.75, 8]) {
    await check(brightness({ amount }), ([r, g, b, a]) => [r * amount, g * amount, b * amount, a], 1e-9)
  }
})

test('contrast() is a linear transfer function with an intercept', async () => {
  for (const amount of [0, 0.3, 1, 1.5, 8]) {
    const transfer = (c: number): number => amount * c + (-(0.5 * amount) + 0.5)
    await check(contrast({ amount }), ([r, g, b, a]) => [transfer(r), transfer(g), transfer(b), a], 1e-9)
  }
})

test('grayscale()', async () => {
  for (const amount of [0, 0.25, 0.7, 1]) {
    const rest = 1 - amount
    const formula = matrix([
      [0.2126 + 0.7874 * rest, 0.7152 - 0.7152 * rest, 0.0722 - 0.0722 * rest],
      [0.2126 - 0.2126 * rest, 0.7152 + 0.2848 * rest, 0.0722 - 0.0722 * rest],
      [0.2126 - 0.2126 * rest, 0.7152 - 0.7152 * rest, 0.0722 + 0.9278 * rest],
    ])
    await check(grayscale({ amount }), formula, 0.03)
  }
})

test('sepia()', async () => {
  for (const amount of [0, 0.25, 0.7, 1]) {
    const rest = 1 - amount
    const formula = matrix([
      [0.393 + 0.607 * rest, 0.769 - 0.769 * rest, 0.189 - 0.189 * rest],
      [0.349 - 0.349 * rest, 0.686 + 0.314 * rest, 0.168 - 0.168 * rest],
      [0.272 - 0.272 * rest, 0.534 - 0.534 * rest, 0.131 + 0.869 * rest],
    ])
    await check(sepia({ amount }), formula, 0.03)
  }
})

test('saturate()', async () => {
  for (const amount of [0, 0.5, 1, 1.3, 3, 8]) {
    const s = amount
    const formula = matrix([
      [0.213 + 0.787 * s, 0.715 - 0.715 * s, 0.072 - 0.072 * s],
      [0.213 - 0.213 * s, 0.715 + 0.285 * s, 0.072 - 0.072 * s],
      [0.213 - 0.213 * s, 0.715 - 0.715 * s, 0.072 + 0.928 * s],
    ])
    // Factors up to 8 have 12 fractional bits instead of 14.
    await check(saturate({ amount }), formula, amount > 2 ? 0.12 : 0.03)
  }
})

test('hue-rotate()', async () => {
  const parts = [
    [[0.213, 0.715, 0.072], [0.213, 0.715, 0.072], [0.213, 0.715, 0.072]],
    [[0.787, -0.715, -0.072], [-0.213, 0.285, -0.072], [-0.213, -0.715, 0.928]],
    [[-0.213, -0.715, 0.928], [0.143, 0.14, -0.283], [-0.787, 0.715, 0.072]],
  ]
  for (const degrees of [-360, -200, -90, -45, 0, 10, 44.9, 45, 45.1, 90, 135, 180, 233, 270, 315, 360]) {
    const angle = (degrees * Math.PI) / 180
    const scale = [1, Math.cos(angle), Math.sin(angle)]
    const at = (part: number, row: number, column: number): number => parts[part]?.[row]?.[column] as number
    const sum = (row: number, column: number): number => scale.reduce((total, factor, part) => total + factor * at(part, row, column), 0)
    await check(hueRotate({ degrees }), matrix([0, 1, 2].map((row) => [0, 1, 2].map((column) => sum(row, column)))), 0.04)
  }
})

test('feColorMatrix on straight alpha', async () => {
  const next = random(17)
  for (let round = 0; round < 8; round++) {
    const values = Array.from({ length: 20 }, () => 3 * next() - 1.5)
    const formula: Formula = (colour) =>
      [0, 1, 2, 3].map((i) => [...colour, 1].reduce((sum, c, j) => sum + c * (values[5 * i + j] as number), 0))
    await check(colorMatrix({ matrix: values }), formula, 0.05)
  }
})

test('greys stay exactly what they are where no colour is added', async () => {
  const greys: Image = { width: 256, height: 1, channels: 4, data: Uint8ClampedArray.from({ length: 1024 }, (_, i) => (i % 4 === 3 ? i % 251 : i >> 2)) }
  const steps = [
    ...[0, 0.1, 0.37, 1.9, 4.3, 8].map((amount) => saturate({ amount })),
    ...[-137.3, -90, 1, 60, 180, 271].map((degrees) => hueRotate({ degrees })),
    ...[0.05, 0.33, 1].flatMap((amount) => (['bt709', 'bt601', 'average'] as const).map((weights) => grayscale({ amount, weights }))),
    // Factors this large have 7 fractional bits: rounded one by one they would be 2 levels off.
    colorMatrix({ matrix: [100.3, -60.1, -39.2, 0, 0, 33.34, 33.33, -65.67, 0, 0, -127.9, 64.2, 64.7, 0, 0, 0, 0, 0, 1, 0] }),
  ]
  for (const step of steps) expect((await reference(greys, step)).data, JSON.stringify(step)).toEqual(greys.data)
})

test('grayscale has the levels of luminance', async () => {
  const image = cube(255)
  for (const weights of ['bt709', 'bt601', 'average'] as const) {
    const grey = (await reference(image, grayscale({ weights }))).data.filter((_, i) => i % 4 === 1)
    expect(grey).toEqual((await reference(image, luminance({ weights }))).data)
  }
})

test('what changes nothing leaves the plan', () => {
  const shape = { width: 8, height: 8, channels: 4, format: 'u8', opaque: false } as const
  const identity = [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]
  const steps = [saturate(), hueRotate(), hueRotate({ degrees: 360 }), hueRotate({ degrees: -360 }), grayscale({ amount: 0 }), sepia({ amount: 0 }), colorMatrix({ matrix: identity })]
  for (const step of steps) expect(step.filter.stages(step.values, shape), JSON.stringify(step)).toEqual([])
})

test('a matrix keeps opaque pixels opaque where all of them stay so', () => {
  const keeps = (alpha: readonly number[]): boolean => {
    const step = colorMatrix({ matrix: [1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, ...alpha] })
    return step.filter.keepsOpaque?.(step.values) ?? true
  }
  expect(keeps([0, 0, 0, 1, 0])).toBe(true)
  expect(keeps([0, 0, 0, 0, 1])).toBe(true)
  expect(keeps([0.5, 0, 0, 1, 0])).toBe(true)
  expect(keeps([-0.5, 0, 0, 1, 0.5])).toBe(true)
  expect(keeps([-0.5, 0, 0, 1, 0.4])).toBe(false)
  expect(keeps([0, 0, 0, 0.99, 0])).toBe(false)
})

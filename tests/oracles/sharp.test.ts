// sharp (libvips) as a peer, where its definitions and ours agree. What it computes in floats it cuts off where we
// round, so that its levels are ours or one below.
import sharp, { type Matrix3x3, type Sharp } from 'sharp'
import { expect, test } from 'vitest'
import type { Step } from '../../src/filters/define.js'
import { flip, flop, grayscale, invert, linear, luminance, normalize, rotate90, saturate, threshold } from '../../src/filters/factories.js'
import type { Image } from '../../src/image.js'
import { makeImage } from '../helpers/images.js'
import { reference } from '../helpers/reference.js'

/** By how much sharp's levels lie above ours, at least and at most. */
async function compare(image: Image, step: Step, theirs: (input: Sharp) => Sharp): Promise<[number, number]> {
  const { width, height, channels } = image
  const pipeline = theirs(sharp(Buffer.from(image.data), { raw: { width, height, channels } }))
  const grey = channels === 1 ? pipeline.toColourspace('b-w') : pipeline
  const { data, info } = await grey.raw().toBuffer({ resolveWithObject: true })
  const ours = await reference(image, step)
  expect([info.width, info.height, info.channels], JSON.stringify(step)).toEqual([ours.width, ours.height, ours.channels])
  const above = Array.from(ours.data, (level, i) => (data[i] as number) - level)
  return [Math.min(...above), Math.max(...above)]
}

const images = ([1, 3, 4] as const).map((channels) => makeImage(61, 43, channels, 'noise', channels))
const colour = images.filter(({ channels }) => channels > 1)
const rgb = images.filter(({ channels }) => channels === 3)

test('negate, threshold, flip, flop and rotate are the same', async () => {
  for (const image of images) {
    expect(await compare(image, invert(), (input) => input.negate({ alpha: false }))).toEqual([0, 0])
    expect(await compare(image, flip(), (input) => input.flip())).toEqual([0, 0])
    expect(await compare(image, flop(), (input) => input.flop())).toEqual([0, 0])
    for (const turns of [1, 2, 3]) {
      expect(await compare(image, rotate90({ turns }), (input) => input.rotate(90 * turns))).toEqual([0, 0])
    }
  }
  for (const image of rgb) {
    expect(await compare(image, threshold({ value: 100 }), (input) => input.threshold(100, { greyscale: false }))).toEqual([0, 0])
  }
})

test('linear is the same or one below', async () => {
  for (const image of colour) {
    for (const [scale, offset] of [[1.37, -20.3], [-1, 255], [0.5, 64]] as const) {
      const [least, most] = await compare(image, linear({ scale, offset }), (input) => input.linear(scale, offset))
      expect([least >= -1, most <= 0], `${scale} c + ${offset}: ${least} to ${most}`).toEqual([true, true])
    }
  }
})

test('recomb with the same matrix is the same or one below', async () => {
  const bt709 = [0.2126, 0.7152, 0.0722] as const
  const stronger = [[1.787, -0.715, -0.072], [-0.213, 1.285, -0.072], [-0.213, -0.715, 1.928]] as const
  for (const image of rgb) {
    for (const [step, matrix] of [[grayscale(), [bt709, bt709, bt709]], [saturate({ amount: 2 }), stronger]] as const) {
      const [least, most] = await compare(image, step, (input) => input.recomb(matrix as unknown as Matrix3x3))
      expect([least >= -1, most <= 0], `${JSON.stringify(step)}: ${least} to ${most}`).toEqual([true, true])
    }
  }
})

test('greyscale leaves greys alone (colours it weighs in linear light)', async () => {
  const greys: Image = { width: 256, height: 1, channels: 3, data: Uint8ClampedArray.from({ length: 768 }, (_, i) => i / 3) }
  expect(await compare(greys, luminance(), (input) => input.greyscale())).toEqual([0, 0])
})

test('normalise is near: it stretches CIE lightness between whole percents of it', async () => {
  for (const channels of [1, 3] as const) {
    const data = Uint8ClampedArray.from({ length: 256 * 16 * channels }, (_, i) => 40 + 0.6 * (Math.floor(i / channels) % 256))
    const ramp: Image = { width: 256, height: 16, channels, data }
    for (const [lower, upper] of [[1, 99], [0, 100], [10, 70]] as const) {
      const [least, most] = await compare(ramp, normalize({ lower, upper }), (input) => input.normalise({ lower, upper }))
      expect([least >= -10, most <= 10], `${lower} to ${upper}: ${least} to ${most}`).toEqual([true, true])
    }
  }
})

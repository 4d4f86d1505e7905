// The promise: every backend gives the bytes of the reference. Every filter, at its defaults and its cases, on
// ragged widths, tiny and long images, all borders and extreme contents. Tolerance 0.
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Backend } from '../../src/backends/backend.js'
import { BORDERS } from '../../src/border.js'
import { type Step, makeStep } from '../../src/filters/define.js'
import { filters } from '../../src/filters/index.js'
import type { Image } from '../../src/image.js'
import { allBackends } from '../helpers/backends.js'
import { type Content, makeImage } from '../helpers/images.js'
import { expectSameBytes } from '../helpers/same-bytes.js'
import { channelsOf, fits, stepsOf } from '../helpers/steps.js'

const CONTENTS: readonly Content[] = ['noise', 'opaque-noise', 'zeros', 'full', 'checkerboard', 'clear', 'corners', 'gradient']

let backends: { name: string; backend: Backend }[] = []
let cases = 0

beforeAll(async () => {
  backends = await allBackends()
})

afterAll(async () => {
  console.log(`parity: ${cases} images compared byte for byte, on ${backends.map(({ name }) => name).join('; ')}`)
  await Promise.all(backends.map(({ backend }) => backend.close()))
})

async function compare(step: Step, image: Image, what: string): Promise<void> {
  cases += await expectSameBytes(backends, image, [step], `, ${what}`)
}

describe.each(filters.map((definition) => [definition.name, definition] as const))('%s', (_, definition) => {
  const steps = stepsOf(definition)

  test('ragged widths', async () => {
    for (let width = 1; width <= 70; width += 3) {
      for (const channels of channelsOf(definition)) {
        const height = [1, 2, 5][width % 3] as number
        const step = steps[width % steps.length] as (typeof steps)[number]
        if (fits(step, { width, height, channels })) await compare(step, makeImage(width, height, channels, 'noise', width), `seed ${width}`)
      }
    }
  })

  test('every case and every content', async () => {
    for (const [index, step] of steps.entries()) {
      for (const [place, content] of CONTENTS.entries()) {
        const channels = channelsOf(definition)[(index + place) % channelsOf(definition).length] as 1 | 3 | 4
        const seed = 100 + index
        if (fits(step, { width: 37, height: 23, channels })) await compare(step, makeImage(37, 23, channels, content, seed), `${content}, seed ${seed}`)
      }
    }
  })

  test('tall, wide and larger images', async () => {
    // 1300 pixels are more than the kernels take of a row at a time.
    const sizes = [[1, 90], [1300, 3], [211, 97]] as const
    for (const [index, [width, height]] of sizes.entries()) {
      for (const channels of channelsOf(definition)) {
        const step = steps[index % steps.length] as (typeof steps)[number]
        const content = index % 2 === 0 ? 'noise' : 'opaque-noise'
        if (fits(step, { width, height, channels })) await compare(step, makeImage(width, height, channels, content, 7), `${content}, seed 7`)
      }
    }
  })

  test.skipIf(!('border' in definition.params))('every border', async () => {
    for (const border of BORDERS) {
      for (const fill of border === 'constant' ? ['#000', '#12345678', '#ff80c0'] : ['#000']) {
        for (const channels of channelsOf(definition)) {
          for (const [width, height] of [[29, 31], [2, 3]] as const) {
            for (const input of [definition.example ?? {}, definition.cases.at(-1) ?? {}]) {
              const step = makeStep(definition, { ...definition.example, ...input, border, fill })
              await compare(step, makeImage(width, height, channels, 'noise', 11), 'noise, seed 11')
            }
          }
        }
      }
    }
  })
})

// A strip whose input is opaque takes a shorter plan. What comes before a window, and every border, must not make the
// two plans disagree about what lies in the images between their phases.
import { afterAll, describe, expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { BORDERS } from '../../src/border.js'
import { type Step, makeStep } from '../../src/filters/define.js'
import { equalize, flip, invert, sepia } from '../../src/filters/factories.js'
import { filters } from '../../src/filters/index.js'
import type { Image } from '../../src/image.js'
import { wasmBackends } from '../helpers/backends.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { describeStep } from '../helpers/steps.js'

const backends = await wasmBackends(0, 2)
afterAll(() => Promise.all(backends.map(({ backend }) => backend.close())))

/** Opaque above, with alpha below: strips of both kinds. */
function partlyOpaque(): Image {
  const image = makeImage(37, 40, 4, 'noise', 3)
  for (let i = 3; i < image.data.length / 2; i += 4) image.data[i] = 255
  return image
}

const images = [makeImage(37, 23, 4, 'opaque-noise', 3), partlyOpaque()]
const windows = filters.filter(({ params }) => 'border' in params)
const BEFORE: readonly (readonly Step[])[] = [[sepia()], [invert()], [flip()], [equalize()]]

test('there are windows', () => expect(windows.length).toBeGreaterThan(5))

describe.each(windows.map((definition) => [definition.name, definition] as const))('%s', (_, definition) => {
  test.each(BORDERS)('after other steps, border %s', async (border) => {
    // The last case is the largest window, which for a Gaussian is another plan than the default.
    for (const input of [definition.example ?? {}, definition.cases.at(-1) ?? {}]) {
      const window = makeStep(definition, { ...definition.example, ...input, border })
      for (const before of BEFORE) {
        const steps = [...before, window, invert()]
        for (const image of images) {
          const expected = (await referenceBackend.run({ image, steps })).image
          for (const { name, backend } of backends) {
            const wrong = difference((await backend.run({ image, steps })).image, expected)
            if (wrong !== undefined) expect.fail(`${name}: ${steps.map(describeStep).join(' ')}: ${wrong}`)
          }
        }
      }
    }
  })
})

// Strips of many pixels count pairs of bytes: the same counts, whatever is in them.
import { afterAll, describe, expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import { equalize, normalize } from '../../src/filters/factories.js'
import { difference } from '../helpers/compare.js'
import { type Content, makeImage } from '../helpers/images.js'

/** Neither eights of bytes nor strips go into it; a strip has more than 100,000 pixels, but for the last one. */
const WIDTH = 403
const HEIGHT = 611
const ROWS_PER_STRIP = 250
// Long runs, short ones and none; alpha that changes where colours do not.
const CONTENTS: readonly Content[] = ['noise', 'zeros', 'checkerboard', 'corners', 'gradient']

const options = { memoryBudgetBytes: 2 ** 28, inlineWork: 0 }
const backends = [await WasmBackend.open({ ...options, threads: 0 }), await WasmBackend.open({ ...options, threads: 2, rowsPerStrip: ROWS_PER_STRIP })]
afterAll(async () => {
  for (const backend of backends) await backend.close()
})

describe.each([1, 4] as const)('%i channels', (channels) => {
  test.each(CONTENTS)('%s', async (content) => {
    const image = makeImage(WIDTH, HEIGHT, channels, content)
    for (const steps of [[equalize()], [normalize()]]) {
      const expected = await referenceBackend.run({ image, steps })
      for (const backend of backends) expect(difference((await backend.run({ image, steps })).image, expected.image)).toBeUndefined()
    }
  })
})

// The algorithms do not change unnoticed: a hash of the reference's bytes for every filter and case.
// `npm test -- -u` writes tests/golden/hashes.json anew, after a change that is meant; say it in the changelog.
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { filters } from '../../src/filters/index.js'
import { makeImage } from '../helpers/images.js'
import { describeStep, stepsOf } from '../helpers/steps.js'

test('every filter and case gives the bytes that it gave before', async () => {
  const hashes: Record<string, string> = {}
  for (const definition of filters) {
    for (const step of stepsOf(definition)) {
      const shape = { width: 47, height: 33, channels: 4, format: 'u8' } as const
      if (definition.fits?.(step.values, shape) !== undefined) continue
      const { image } = await referenceBackend.run({ image: makeImage(47, 33, 4, 'noise', 42), steps: [step] })
      const key = describeStep(step)
      hashes[key.length > 160 ? `${key.slice(0, 120)}… ${sha(key)}` : key] = `${image.width}x${image.height}x${image.channels} ${sha(image.data)}`
    }
  }
  expect(Object.keys(hashes).length).toBeGreaterThan(filters.length)
  await expect(`${JSON.stringify(hashes, null, 2)}\n`).toMatchFileSnapshot('../golden/hashes.json')
})

const sha = (data: Uint8ClampedArray | string): string => createHash('sha256').update(data).digest('hex').slice(0, 32)

// The algorithms do not change unnoticed: a hash of the reference's bytes for every filter and case.
// `npm test -- -u` writes tests/golden/hashes.json anew, after a change that is meant; say it in the changelog.
import { expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { filters } from '../../src/filters/index.js'
import { GOLDEN_IMAGE, goldenName, goldenValue } from '../helpers/golden.js'
import { imageOf } from '../helpers/images.js'
import { fits, stepsOf } from '../helpers/steps.js'

test('every filter and case gives the bytes that it gave before', async () => {
  const hashes: Record<string, string> = {}
  for (const definition of filters) {
    for (const step of stepsOf(definition)) {
      if (!fits(step, GOLDEN_IMAGE)) continue
      const { image } = await referenceBackend.run({ image: imageOf(GOLDEN_IMAGE), steps: [step] })
      hashes[goldenName(step)] = goldenValue(image)
    }
  }
  expect(Object.keys(hashes).length).toBeGreaterThan(filters.length)
  await expect(`${JSON.stringify(hashes, null, 2)}\n`).toMatchFileSnapshot('../golden/hashes.json')
})

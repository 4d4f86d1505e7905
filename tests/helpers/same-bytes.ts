import { expect } from 'vitest'
import type { Backend } from '../../src/backends/backend.js'
import { referenceBackend } from '../../src/backends/reference.js'
import type { Step } from '../../src/filters/define.js'
import type { Image } from '../../src/image.js'
import { difference } from './compare.js'
import { describeStep } from './steps.js'

/** Fails where a backend makes other bytes than the reference; resolves to the number of images that were compared. */
export async function expectSameBytes(
  backends: readonly { readonly name: string; readonly backend: Backend }[],
  image: Image,
  steps: readonly Step[],
  what = '',
): Promise<number> {
  const before = image.data.slice()
  const expected = (await referenceBackend.run({ image, steps })).image
  for (const { name, backend } of backends) {
    const wrong = difference((await backend.run({ image, steps })).image, expected)
    if (wrong === undefined) continue
    expect.fail(`${name}: ${steps.map(describeStep).join(' ')} on ${image.width} x ${image.height} x ${image.channels}${what}: ${wrong}`)
  }
  expect(image.data, 'the source must not change').toEqual(before)
  return backends.length
}

// A chain gives the bytes of its steps one by one, however rows are cut into strips and whoever runs them.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Backend, Threading } from '../../src/backends/backend.js'
import { referenceBackend } from '../../src/backends/reference.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import { boxBlur, equalize } from '../../src/filters/factories.js'
import { chains } from '../helpers/arbitraries.js'
import { allBackends } from '../helpers/backends.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { describeStep } from '../helpers/steps.js'

const RUNS = Number(process.env['ISOPIX_CHAINS'] ?? 150)

let backends: { name: string; backend: Backend }[] = []

beforeAll(async () => {
  const strip = async (threads: number, rowsPerStrip: number, threading: Threading = 'shared') => ({
    name: `wasm, ${threads} threads, strips of ${rowsPerStrip}, ${threading}`,
    backend: await WasmBackend.open({ threads, rowsPerStrip, threading, bandBytes: 1024 * (threads - 1), inlineWork: 0, memoryBudgetBytes: 2 ** 28 }),
  })
  backends = [...(await allBackends()), ...(await Promise.all([strip(2, 1), strip(2, 7), strip(3, 16), strip(2, 7, 'transfer')]))]
})

afterAll(() => Promise.all(backends.map(({ backend }) => backend.close())))

test('a chain equals its steps one by one, on every backend', async () => {
  let longest = 0
  await fc.assert(
    fc.asyncProperty(chains, async ({ image, steps, text }) => {
      longest = Math.max(longest, steps.length)
      const expected = (await referenceBackend.run({ image, steps })).image
      for (const { name, backend } of backends) {
        const wrong = difference((await backend.run({ image, steps })).image, expected)
        if (wrong === undefined) continue
        throw new Error(`${name}: ${steps.map(describeStep).join(' ')} on ${image.width} x ${image.height} x ${image.channels}, ${text}: ${wrong}`)
      }
    }),
    { numRuns: RUNS },
  )
  expect(longest, 'chains of several steps were drawn').toBeGreaterThan(2)
  console.log(`chains: ${RUNS} random chains, each on ${backends.length} backends`)
}, 600_000)

test('what two passes need is made once, as pixels: rows between the stages of a filter mean nothing to another pass', async () => {
  // Opaque in some strips only, so that they take different kernels.
  const image = makeImage(60, 200, 4, 'opaque-noise', 3)
  for (let i = 0; i < 60 * 60; i++) image.data[4 * i + 3] = i & 255
  const steps = [boxBlur({ radius: 2 }), equalize()]
  const expected = (await referenceBackend.run({ image, steps })).image
  for (const { name, backend } of backends) expect(difference((await backend.run({ image, steps })).image, expected), name).toBeUndefined()
})

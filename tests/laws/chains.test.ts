// A chain gives the bytes of its steps one by one, however rows are cut into strips and whoever runs them.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Backend } from '../../src/backends/backend.js'
import { referenceBackend } from '../../src/backends/reference.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import { chains } from '../helpers/arbitraries.js'
import { allBackends } from '../helpers/backends.js'
import { difference } from '../helpers/compare.js'
import { describeStep } from '../helpers/steps.js'

const RUNS = Number(process.env['ISOPIX_CHAINS'] ?? 150)

let backends: { name: string; backend: Backend }[] = []

beforeAll(async () => {
  const strip = (threads: number, rowsPerStrip: number) => ({
    name: `wasm, ${threads} threads, strips of ${rowsPerStrip}`,
    backend: new WasmBackend({ threads, rowsPerStrip, inlineWork: 0, memoryBudgetBytes: 2 ** 28 }),
  })
  backends = [...(await allBackends()), strip(2, 1), strip(2, 7), strip(3, 16)]
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

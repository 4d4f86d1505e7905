// Kernels run over a shared memory without checks: nothing outside of a result may change.
import { afterAll, expect, test } from 'vitest'
import { filters } from '../../src/filters/index.js'
import { compile } from '../../src/plan.js'
import type { WasmBackend } from '../../src/backends/wasm/backend.js'
import { wasmBackends } from '../helpers/backends.js'
import { makeImage } from '../helpers/images.js'
import { describeStep, stepsOf } from '../helpers/steps.js'

const [inline, threaded] = (await wasmBackends(0, 2)).map(({ backend }) => backend) as [WasmBackend, WasmBackend]
afterAll(() => Promise.all([inline.close(), threaded.close()]))

/** Rows of a result stand between other things: here, guards on both sides, in one resident image of one channel. */
test.each(filters.map((definition) => [definition.name, definition] as const))('%s writes its result and nothing else', async (_, definition) => {
  for (const backend of [inline, threaded]) {
    for (const step of stepsOf(definition)) {
      for (const [width, height] of [[1, 1], [5, 3], [16, 4], [33, 9], [67, 40]] as const) {
        const source = { width, height, channels: 4, format: 'u8' } as const
        if (definition.fits?.(step.values, source) !== undefined) continue
        const plan = compile([step], source, false)
        const { shape } = plan.nodes[plan.result] as (typeof plan.nodes)[number]
        const guard = { width: 997, height: 1, channels: 1 } as const
        const before = backend.createImage(guard, false)
        const into = backend.createImage(shape, true)
        const after = backend.createImage(guard, false)
        try {
          before.data.fill(0xa5)
          after.data.fill(0x5a)
          await backend.run({ image: makeImage(width, height, 4, 'noise', width), steps: [step], into })
          const what = `${describeStep(step)} on ${width} x ${height}`
          expect(before.data.every((value) => value === 0xa5), what).toBe(true)
          expect(after.data.every((value) => value === 0x5a), what).toBe(true)
        } finally {
          for (const image of [before, into, after]) image.dispose()
        }
      }
    }
  }
})

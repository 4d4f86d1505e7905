// Images whose rows share their cache sets: what is made from many of them reads copies, and gives the same bytes.
import { expect, test } from 'vitest'
import { phases } from '../../src/backends/wasm/phases.js'
import { BORDERS } from '../../src/border.js'
import { boxBlur, gaussianBlur, resize } from '../../src/filters/factories.js'
import { compile } from '../../src/plan.js'
import { allBackends } from '../helpers/backends.js'
import { makeImage } from '../helpers/images.js'
import { expectSameBytes } from '../helpers/same-bytes.js'

const kernels = (width: number, step: ReturnType<typeof gaussianBlur>): string[] =>
  phases(compile([step], { width, height: 40, channels: 4, format: 'u8' }, true)).flatMap(({ stages }) => stages.map(({ stage }) => stage.kernel))

test('rows are copied where many of them are read at once, and only there', () => {
  expect(kernels(1024, gaussianBlur({ sigma: 2 }))).toContain('copy')
  expect(kernels(2048, resize({ width: 700, height: 10 }))).toContain('copy')
  expect(kernels(1100, gaussianBlur({ sigma: 2 }))).not.toContain('copy')
  expect(kernels(1024, gaussianBlur({ sigma: 0.5 }))).not.toContain('copy')
  // The sums of a box move on by one row that enters and one that leaves.
  expect(kernels(1024, boxBlur({ radius: 9 })).filter((name) => name === 'copy')).toEqual(kernels(1100, boxBlur({ radius: 9 })).filter((name) => name === 'copy'))
})

test.each(BORDERS)('the same bytes with border %s', async (border) => {
  const backends = await allBackends()
  try {
    for (const content of ['noise', 'opaque-noise'] as const) {
      const image = makeImage(1024, 24, 4, content)
      await expectSameBytes(backends, image, [gaussianBlur({ sigma: 2, border })])
      await expectSameBytes(backends, image, [gaussianBlur({ sigma: 2, border }), resize({ width: 300, height: 5 })])
    }
    await expectSameBytes(backends, makeImage(4096, 30, 1), [resize({ width: 900, height: 6 })])
  } finally {
    for (const { backend } of backends) await backend.close()
  }
})

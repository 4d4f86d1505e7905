// A GPU thread that makes several places in turn keeps what it learnt from one to the next. Other stages of the pass, and the
// workgroup's memory, must not come between.
import { expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { boxBlur, invert, luminance, median, sepia, threshold } from '../../src/filters/factories.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { describeStep } from '../helpers/steps.js'

test.for([false, true])('a sweep among other stages, tiles: %s', async (tiles, context) => {
  const gpu = await WebgpuBackend.open({ tiles })
  if (typeof gpu === 'string') {
    if (process.env['CI']) throw new Error(`webgpu is missing, and CI needs it: ${gpu}`)
    return context.skip(`webgpu is not tested: ${gpu}`)
  }
  const image = makeImage(75, 70, 4)
  for (const steps of [
    [median({ radius: 4 }), luminance()],
    [sepia(), median({ radius: 3 }), invert()],
    [luminance(), median({ radius: 3 }), threshold()],
    [sepia(), boxBlur({ radius: 6, border: 'reflect' }), invert()],
    [luminance(), boxBlur({ radius: 20, border: 'wrap' }), threshold()],
  ]) {
    const expected = (await referenceBackend.run({ image, steps })).image
    expect(difference((await gpu.run({ image, steps })).image, expected), steps.map(describeStep).join(' ')).toBeUndefined()
  }
  await gpu.close()
})

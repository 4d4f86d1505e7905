// A GPU thread that makes several places in turn keeps what it learnt from one to the next. Other stages of the pass, and the
// workgroup's memory, must not come between.
import { expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { boxBlur, invert, luminance, median, sepia, threshold } from '../../src/filters/factories.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { leftOut } from '../helpers/left-out.js'
import { describeStep } from '../helpers/steps.js'

test.for([false, true])('a sweep among other stages, tiles: %s', async (tiles, context) => {
  const gpu = await WebgpuBackend.open({ tiles })
  if (typeof gpu === 'string') return context.skip(leftOut('webgpu', gpu))
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

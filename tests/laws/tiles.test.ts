// On hardware, windows read through the workgroup's memory. A program on the CPU takes the other road by itself, so
// that road is tested here by name, on images that have more than one workgroup and lie across its edges.
import { expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { BORDERS } from '../../src/border.js'
import { boxBlur, gaussianBlur, sepia, sobel, threshold } from '../../src/filters/factories.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { leftOut } from '../helpers/left-out.js'
import { describeStep } from '../helpers/steps.js'

test('windows through the workgroup\'s memory give the same bytes', async (context) => {
  const gpu = await WebgpuBackend.open({ tiles: true })
  if (typeof gpu === 'string') return context.skip(leftOut('webgpu', gpu))
  // What a tile depends on is the format of its pixels and how many channels they have: u8, i16 and i32 here.
  for (const [index, window] of [sobel, gaussianBlur, boxBlur].entries()) {
    for (const channels of [1, 4] as const) {
      const border = BORDERS[(2 * index + channels) % BORDERS.length] as (typeof BORDERS)[number]
      const own = window({ border, fill: '#40608010' })
      // A colour matrix in front and a table behind are computed in the same pass.
      const steps = channels === 4 ? [sepia(), own] : [own, threshold()]
      const image = makeImage(channels === 4 ? 19 : 70, 18, channels, 'noise', 5)
      const expected = (await referenceBackend.run({ image, steps })).image
      const wrong = difference((await gpu.run({ image, steps })).image, expected)
      if (wrong !== undefined) expect.fail(`${steps.map(describeStep).join(' ')}, ${channels} channels: ${wrong}`)
    }
  }
  await gpu.close()
}, 600_000)

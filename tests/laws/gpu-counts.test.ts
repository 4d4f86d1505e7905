// What hardware would pay for: passes, buffers, pipelines. The time of a GPU cannot be tested without one; these can.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHAINS } from '../../bench/chains.js'
import { type CountingDevice, countingDevice } from '../../bench/gpu/counting-device.js'
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import { openDevice } from '../../src/backends/webgpu/device.js'
import type { Step } from '../../src/filters/define.js'
import { filters } from '../../src/filters/index.js'
import { makeImage } from '../helpers/images.js'
import { stepsOf } from '../helpers/steps.js'

let counting: CountingDevice
let gpu: WebgpuBackend
let destroy: () => void
let why: string | undefined

beforeAll(async () => {
  const opened = await openDevice()
  if (typeof opened === 'string') {
    if (process.env['CI']) throw new Error(`webgpu is missing, and CI needs it: ${opened}`)
    why = `webgpu is not tested: ${opened}`
    return
  }
  counting = countingDevice(opened.device)
  destroy = () => opened.device.destroy()
  gpu = new WebgpuBackend({ ...opened, device: counting.device, owned: false })
})

afterAll(() => destroy?.())

const image = makeImage(70, 50, 4)

async function countsOf(steps: readonly Step[]) {
  counting.take()
  const { passes } = await gpu.run({ image, steps })
  return { passes, ...counting.take() }
}

const chains = [...filters.map((definition) => ({ name: definition.name, steps: stepsOf(definition).slice(0, 1) })), ...CHAINS]

test.each(chains)('the second call compiles and makes nothing: $name', async ({ steps }) => {
  if (why !== undefined) return
  await countsOf(steps)
  expect(await countsOf(steps)).toMatchObject({ pipelines: 0, buffers: 0, bindGroups: 0, submits: 1, readbacks: 1 })
})

// What hardware would pay for, counted without any.
import { WebgpuBackend } from '../../src/backends/webgpu/backend.js'
import type { Image, Step } from '../../src/index.js'
import { type Counts, countingDevice } from './counting-device.js'
import { type Dispatch, interpretedDevice } from './interpreted-device.js'

export interface CallCounts extends Counts {
  readonly passes: readonly Dispatch[]
}

export interface Counter {
  /** Counts the first and the second call of a shape. */
  count(image: Image, steps: readonly Step[]): Promise<{ readonly first: CallCounts; readonly second: CallCounts }>
}

/** Counts as on hardware, where windows go through the workgroup's memory, unless told otherwise. */
export function openCounter({ tiles = true } = {}): Counter {
  const { device: interpreted, take: takeDispatches } = interpretedDevice()

  async function call(gpu: WebgpuBackend, take: () => Counts, image: Image, steps: readonly Step[]): Promise<CallCounts> {
    await gpu.run({ image, steps })
    return { ...take(), passes: takeDispatches() }
  }

  return {
    async count(image, steps) {
      const { device, take } = countingDevice(interpreted)
      const gpu = new WebgpuBackend({ device, name: 'an interpreter', software: true, owned: false }, { tiles })
      const first = await call(gpu, take, image, steps)
      const second = await call(gpu, take, image, steps)
      await gpu.close()
      return { first, second }
    },
  }
}

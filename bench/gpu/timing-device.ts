// Times of single passes by the GPU's own clock. The backend knows nothing of it: the device puts the queries around its passes.
import { intercept } from './intercept.js'

/** More passes than any chain has. */
const MOST_PASSES = 128
const QUERY_RESOLVE = 0x0200 // GPUBufferUsage.QUERY_RESOLVE
const COPY_SRC = 0x0004
const COPY_DST = 0x0008
const MAP_READ = 0x0001

export interface TimingDevice {
  readonly device: GPUDevice
  /** Milliseconds of the passes that were submitted since the last time this was called, in their order. */
  readonly take: () => Promise<readonly number[]>
}

/** @param real A device with the feature `timestamp-query`. */
export function timingDevice(real: GPUDevice): TimingDevice {
  const querySet = real.createQuerySet({ type: 'timestamp', count: 2 * MOST_PASSES })
  const bytes = 2 * MOST_PASSES * 8
  const resolved = real.createBuffer({ size: bytes, usage: QUERY_RESOLVE | COPY_SRC })
  const readable = real.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST })
  let passes = 0

  const encoder = (target: GPUCommandEncoder): GPUCommandEncoder =>
    intercept(target, {
      beginComputePass: () => {
        const first = 2 * passes++
        return target.beginComputePass({ timestampWrites: { querySet, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 } })
      },
      finish: () => {
        if (passes > 0) {
          target.resolveQuerySet(querySet, 0, 2 * passes, resolved, 0)
          target.copyBufferToBuffer(resolved, 0, readable, 0, bytes)
        }
        return target.finish()
      },
    })

  return {
    device: intercept(real, { createCommandEncoder: () => encoder(real.createCommandEncoder()) }),
    async take() {
      const count = passes
      passes = 0
      if (count === 0) return []
      await readable.mapAsync(MAP_READ)
      const stamps = new BigUint64Array(readable.getMappedRange().slice(0))
      readable.unmap()
      return Array.from({ length: count }, (_, pass) => Number((stamps[2 * pass + 1] as bigint) - (stamps[2 * pass] as bigint)) / 1e6)
    },
  }
}

import { intercept } from './intercept.js'

/** What a device was asked for. */
export interface Counts {
  pipelines: number
  buffers: number
  bufferBytes: number
  bindGroups: number
  submits: number
  readbacks: number
  dispatches: number
  workgroups: number
  /** Written into buffers by `writeBuffer`: the image and the passes' parameters. */
  bytesUploaded: number
  /** Copied between buffers. */
  bytesCopied: number
}

const none = (): Counts => ({
  pipelines: 0, buffers: 0, bufferBytes: 0, bindGroups: 0, submits: 0, readbacks: 0, dispatches: 0, workgroups: 0, bytesUploaded: 0, bytesCopied: 0,
})

export interface CountingDevice {
  readonly device: GPUDevice
  /** What was asked for since the last time this was called. */
  readonly take: () => Counts
}

/** A device that does what the given one does, and counts. */
export function countingDevice(real: GPUDevice): CountingDevice {
  let counts = none()

  const pass = (target: GPUComputePassEncoder): GPUComputePassEncoder =>
    intercept(target, {
      dispatchWorkgroups: (x: number, y = 1, z = 1) => {
        counts.dispatches++
        counts.workgroups += x * y * z
        target.dispatchWorkgroups(x, y, z)
      },
    })
  const encoder = (target: GPUCommandEncoder): GPUCommandEncoder =>
    intercept(target, {
      beginComputePass: (...args: Parameters<GPUCommandEncoder['beginComputePass']>) => pass(target.beginComputePass(...args)),
      copyBufferToBuffer: (from: GPUBuffer, at: number, to: GPUBuffer, place: number, size: number) => {
        counts.bytesCopied += size
        target.copyBufferToBuffer(from, at, to, place, size)
      },
    })
  const queue = intercept(real.queue, {
    submit: (buffers: GPUCommandBuffer[]) => {
      counts.submits++
      real.queue.submit(buffers)
    },
    writeBuffer: (buffer: GPUBuffer, at: number, data: ArrayBuffer, from?: number, size?: number) => {
      counts.bytesUploaded += size ?? data.byteLength
      real.queue.writeBuffer(buffer, at, data, from, size)
    },
  })
  const buffer = (target: GPUBuffer): GPUBuffer => {
    // A buffer has to stay itself, since other calls take it as an argument.
    const map = target.mapAsync.bind(target)
    target.mapAsync = (...args) => {
      counts.readbacks++
      return map(...args)
    }
    return target
  }
  const device = intercept(real, {
    queue,
    createBuffer: (descriptor: GPUBufferDescriptor) => {
      counts.buffers++
      counts.bufferBytes += descriptor.size
      return buffer(real.createBuffer(descriptor))
    },
    createBindGroup: (descriptor: GPUBindGroupDescriptor) => {
      counts.bindGroups++
      return real.createBindGroup(descriptor)
    },
    createComputePipelineAsync: (descriptor: GPUComputePipelineDescriptor) => {
      counts.pipelines++
      return real.createComputePipelineAsync(descriptor)
    },
    createCommandEncoder: () => encoder(real.createCommandEncoder()),
  })
  return {
    device,
    take: () => {
      const taken = counts
      counts = none()
      return taken
    },
  }
}

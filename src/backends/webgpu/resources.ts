import { MemoryError } from '../../errors.js'
import { BindGroups } from './bind-groups.js'
import { compose, keyOf } from './compose.js'
import type { Pass } from './passes.js'
import { shaders } from '../../generated/shaders.js'
import type { Shape } from '../../stage.js'

/** How many unused buffers of a size are kept for the next call. */
const KEPT_PER_SIZE = 8
const SIZE_STEP_BYTES = 4096

/** The size of the buffer that holds so many bytes. */
export const bufferSize = (bytes: number): number => Math.ceil(Math.max(bytes, 16) / SIZE_STEP_BYTES) * SIZE_STEP_BYTES

/** Pipelines, buffers and bind groups of a device, kept from call to call. */
export class Resources {
  readonly device: GPUDevice
  /** Windows read through the workgroup's memory where it fits. */
  readonly tiles: boolean
  readonly bindGroups: BindGroups
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>()
  readonly #unused = new Map<string, GPUBuffer[]>()
  readonly #keys = new WeakMap<GPUBuffer, string>()
  pipelinesCompiled = 0
  buffersCreated = 0
  bytesAllocated = 0
  /** Of those, what calls and kept images have. */
  bytesUsed = 0
  /** Set when the device was lost: why. */
  lost: string | undefined
  readonly #budgetBytes: number

  constructor(device: GPUDevice, tiles: boolean, budgetBytes: number) {
    this.tiles = tiles
    this.device = device
    this.bindGroups = new BindGroups(device)
    this.#budgetBytes = budgetBytes
    void device.lost.then(({ reason, message }) => {
      this.lost = message || reason
    })
  }

  pipeline(pass: Pass, shapes: readonly Shape[]): Promise<GPUComputePipeline> {
    const key = keyOf(pass, shapes, this.tiles)
    return this.#compiled(key, 'main', () => compose(pass, shapes, this.tiles))
  }

  /** The pipeline of a function that makes a table from counters. */
  tablePipeline(entryPoint: string): Promise<GPUComputePipeline> {
    return this.#compiled(entryPoint, entryPoint, () => {
      const found = Object.values(shaders).find((text) => text.includes(`fn ${entryPoint}(`))
      if (found === undefined) throw new Error(`no shader has a function ${entryPoint}`)
      return found
    })
  }

  #compiled(key: string, entryPoint: string, code: () => string): Promise<GPUComputePipeline> {
    let pipeline = this.#pipelines.get(key)
    if (pipeline === undefined) {
      this.pipelinesCompiled++
      const module = this.device.createShaderModule({ code: code(), label: key })
      pipeline = this.device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint }, label: key })
      this.#pipelines.set(key, pipeline)
    }
    return pipeline
  }

  /** A buffer of at least `bytes` bytes, which hold anything. Throws MemoryError where that passes the budget. */
  take(bytes: number, usage: number): GPUBuffer {
    const size = bufferSize(bytes)
    const key = `${size} ${usage}`
    const unused = this.#unused.get(key)?.pop()
    if (unused !== undefined) {
      this.bytesUsed += size
      return unused
    }
    if (this.bytesAllocated + size > this.#budgetBytes) this.release()
    if (this.bytesAllocated + size > this.#budgetBytes) {
      throw new MemoryError(
        `webgpu: ${mib(size)} more do not fit: ${mib(this.bytesAllocated)} are in use and the budget is ${mib(this.#budgetBytes)}; ` +
          'dispose images that are kept, or give createEngine a larger memoryBudgetBytes',
      )
    }
    this.buffersCreated++
    this.bytesAllocated += size
    this.bytesUsed += size
    const buffer = this.device.createBuffer({ size, usage })
    this.#keys.set(buffer, key)
    return buffer
  }

  give(buffer: GPUBuffer): void {
    this.bytesUsed -= buffer.size
    const key = this.#keys.get(buffer) as string
    const unused = this.#unused.get(key) ?? []
    this.#unused.set(key, unused)
    if (unused.length < KEPT_PER_SIZE) {
      unused.push(buffer)
    } else {
      this.bytesAllocated -= buffer.size
      buffer.destroy()
    }
  }

  /** Gives up the buffers that nobody uses. */
  release(): void {
    for (const buffer of [...this.#unused.values()].flatMap((buffers) => buffers.splice(0))) {
      this.bytesAllocated -= buffer.size
      buffer.destroy()
    }
  }
}

const mib = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`

import { platform } from '#platform'
import type { Rows } from '../../border.js'
import { BackendError, IsopixError, UnsupportedError } from '../../errors.js'
import { type Image, clamped, shareMemory } from '../../image.js'
import { type Plan, compile } from '../../plan.js'
import type { Backend, Call, Outcome } from '../backend.js'
import { MemoryQueue } from '../memory-queue.js'
import { BandWork } from './band-work.js'
import { type Band, bandsOf, bytesPerRow } from './bands.js'
import { type GpuDevice, openDevice } from './device.js'
import { forGpu } from './for-gpu.js'
import { GpuImage } from './gpu-image.js'
import { passes, realNodes } from './passes.js'
import { Presenter } from './present.js'
import { Resources } from './resources.js'
import type { Shape } from '../../stage.js'

export interface WebgpuOptions {
  /**
   * Windows read through the workgroup's memory: made for hardware, where that saves reads. A program on the CPU is an
   * order of magnitude slower with barriers than without. The bytes are the same.
   */
  readonly tiles?: boolean | undefined
  /** The largest buffer; images that need larger ones are cut into bands. Default: the adapter's limit. */
  readonly maxBufferBytes?: number | undefined
  /** The most memory that buffers may take in all. */
  readonly memoryBudgetBytes?: number | undefined
  /** Work after which an abort is heard; for tests. */
  readonly workPerSubmit?: number | undefined
  /** A device of the caller's, which is never destroyed. */
  readonly device?: GPUDevice | undefined
}

/** 20 ms of a small graphics card: what takes less is not worth another submit. */
const WORK_PER_SUBMIT = 200_000_000

/** A call whose image may be on the GPU already. */
export type GpuCall = Omit<Call, 'image'> & { readonly image: Image | GpuImage }

type Kept = Omit<Outcome, 'image'> & { readonly image: GpuImage }

export class WebgpuBackend implements Backend {
  readonly name = 'webgpu'
  readonly adapter: string
  readonly software: boolean
  readonly resources: Resources
  readonly #maxBufferBytes: number
  readonly #workPerSubmit: number
  readonly #owned: boolean
  readonly #queue = new MemoryQueue()
  /** A program on the CPU holds its images in memory anyway: there is nothing to save. */
  readonly #presenter: Presenter | undefined

  /** The backend, or the reason why there is none. */
  static async open(options: WebgpuOptions = {}): Promise<WebgpuBackend | string> {
    const opened = await openDevice(options.device)
    return typeof opened === 'string' ? opened : new WebgpuBackend(opened, options)
  }

  constructor({ device, name, software, owned }: GpuDevice, options: WebgpuOptions = {}) {
    const { tiles = !software, maxBufferBytes = device.limits.maxStorageBufferBindingSize, memoryBudgetBytes = Number.POSITIVE_INFINITY } = options
    this.#maxBufferBytes = maxBufferBytes
    this.#workPerSubmit = options.workPerSubmit ?? WORK_PER_SUBMIT
    this.#owned = owned
    this.adapter = name
    this.software = software
    this.resources = new Resources(device, tiles, memoryBudgetBytes)
    this.#presenter = software ? undefined : new Presenter(this.resources)
  }

  /** Set when the device was lost: why. */
  get lost(): string | undefined {
    return this.resources.lost
  }

  run(call: GpuCall): Promise<Outcome> {
    return this.#queue.run(() => this.#runBands(call), call.signal)
  }

  async #runBands(call: GpuCall): Promise<Outcome> {
    const { image, into, signal, onProgress } = call
    const { plan, shapes, made, result, bands } = this.#prepare(call)
    const shape = (plan.nodes[plan.result] as Plan['nodes'][number]).shape
    // The source is not written before all is well: bands to come read it, and who tries again elsewhere.
    const isSource = into !== undefined && !(image instanceof GpuImage) && shareMemory(into, image)
    const out = into === undefined || isSource ? platform.allocate(shape.width * shape.height * shape.channels) : into.data
    let moved = 0
    for (const [index, band] of bands.entries()) {
      signal?.throwIfAborted()
      const work = new BandWork(this.resources, plan, shapes, made, band, { signal, workPerSubmit: this.#workPerSubmit })
      try {
        await this.#guard(work.read(image, result, shape, out), signal)
        const { from, to } = band.get(result) as Rows
        moved += work.bytesUploaded + (to - from) * bytesPerRow(shapes[result] as Shape)
      } finally {
        work.release()
      }
      onProgress?.((index + 1) / bands.length)
    }
    if (isSource) into.data.set(out)
    const target = into ?? { width: shape.width, height: shape.height, channels: shape.channels, data: clamped(out) }
    return { image: target, passes: made.length, strips: bands.length, bytesMoved: moved }
  }

  /** Runs a call and leaves its result on the GPU. */
  keep(call: GpuCall): Promise<Kept> {
    return this.#queue.run(() => this.#runAndKeep(call), call.signal)
  }

  async #runAndKeep(call: GpuCall): Promise<Kept> {
    const { plan, shapes, made, result, bands } = this.#prepare(call)
    if (bands.length > 1) {
      throw new UnsupportedError(`webgpu: the image does not fit the limit of ${this.#maxBufferBytes} bytes a buffer, so it cannot stay on the GPU`)
    }
    await this.#presenter?.works()
    const work = new BandWork(this.resources, plan, shapes, made, bands[0] as Band, { signal: call.signal, workPerSubmit: this.#workPerSubmit })
    try {
      const buffer = await this.#guard(work.keep(call.image, result), call.signal)
      call.onProgress?.(1)
      const image = new GpuImage(this, (plan.nodes[plan.result] as Plan['nodes'][number]).shape, work.own(buffer))
      return { image, passes: made.length, strips: 1, bytesMoved: work.bytesUploaded }
    } finally {
      work.release()
    }
  }

  /** Draws an image that is on the GPU into a bitmap, without a copy to the CPU; undefined where it would not be seen. */
  async present(image: GpuImage): Promise<ImageBitmap | undefined> {
    if (!(await this.#presenter?.works())) return undefined
    return this.#guard((this.#presenter as Presenter).present(image))
  }

  #prepare({ image, steps }: GpuCall) {
    const { width, height, channels } = image
    const plan = forGpu(compile(steps, { width, height, channels, format: 'u8' }, false))
    const shapes = plan.nodes.map(({ shape }) => (shape.channels === 3 ? { ...shape, channels: 4 as const } : shape))
    const made = passes(plan, this.resources.tiles)
    const result = realNodes(plan)[plan.result] as number
    const bands = bandsOf(plan, made, shapes, result, this.#maxBufferBytes)
    if (bands === undefined) {
      throw new UnsupportedError(`webgpu: these steps need the whole image, which does not fit the limit of ${this.#maxBufferBytes} bytes a buffer; use the backend "wasm"`)
    }
    // What is on the GPU already is there from its first row on.
    const all = { from: 0, to: height }
    return { plan, shapes, made, result, bands: image instanceof GpuImage ? bands.map((band) => new Map([...band, [0, all]])) : bands }
  }

  async close(): Promise<void> {
    if (this.#owned) this.resources.device.destroy()
    else this.resources.release()
  }

  /** Rejects with a BackendError as soon as the device is lost or reports an error, and with the signal's reason after an abort. */
  async #guard<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
    const { device } = this.resources
    device.pushErrorScope('validation')
    device.pushErrorScope('out-of-memory')
    const lost = device.lost.then(({ message, reason }): never => {
      throw new BackendError(`webgpu: the device was lost: ${message || reason}`)
    })
    let failure: unknown
    let value: T | undefined
    try {
      value = await Promise.race([work, lost])
    } catch (error) {
      failure = error
    }
    const memory = await device.popErrorScope().catch(() => null)
    const validation = await device.popErrorScope().catch(() => null)
    const reported = memory ?? validation
    if (reported !== null) throw new BackendError(`webgpu: ${reported.message}`, { cause: failure })
    signal?.throwIfAborted()
    if (failure !== undefined) {
      throw failure instanceof IsopixError ? failure : new BackendError(`webgpu: ${failure instanceof Error ? failure.message : String(failure)}`, { cause: failure })
    }
    return value as T
  }
}

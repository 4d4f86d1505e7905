import type { Backend, BackendName, Call, Outcome } from './backends/backend.js'
import { referenceBackend } from './backends/reference.js'
import { WasmBackend } from './backends/wasm/backend.js'
import { phases } from './backends/wasm/phases.js'
import { ResidentImage } from './backends/wasm/resident.js'
import { WebgpuBackend } from './backends/webgpu/backend.js'
import { passes } from './backends/webgpu/passes.js'
import { type Availability, type Capabilities, type Choice, type Workload, choose, predictMs, workloadOf } from './choose.js'
import { Costs } from './costs.js'
import { BackendError, DisposedError, InvalidArgumentError, IsopixError, UnsupportedError, show } from './errors.js'
import type { Step } from './filters/define.js'
import { type Image, type ImageLike, checkImage, checkSide } from './image.js'
import { type BatchOptions, type MapEntry, type OnError, type Source, type StepsOf, mapImages } from './map.js'
import { type Plan, compile } from './plan.js'
import { platform } from '#platform'

export interface EngineOptions {
  /** Which backend runs calls that do not say; `auto` picks the one that is predicted to be fastest. */
  readonly backend?: BackendName | 'auto' | undefined
  /** Worker threads; default: the cores of this machine. 0 runs everything on the caller's thread. */
  readonly threads?: number | undefined
  /** The most memory that images and work may take inside the engine, in bytes; default 2 GiB. */
  readonly memoryBudgetBytes?: number | undefined
  /** `false` leaves the GPU alone. */
  readonly gpu?: boolean | undefined
}

export interface ApplyOptions {
  readonly backend?: BackendName | 'auto' | undefined
  /** Stops the work; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Called with a fraction from 0 to 1 while the work goes on. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  /** An image of the result's size that receives the pixels. */
  readonly into?: ImageLike | undefined
}

/** Options of `apply` that go for every image, and those of the whole. */
export interface MapOptions<E extends OnError = OnError> extends BatchOptions<E>, Omit<ApplyOptions, 'signal' | 'onProgress' | 'into'> {}

/** How a result came about. */
export interface RunInfo {
  readonly backend: BackendName
  /** Why this backend, in words. */
  readonly reason: string
  readonly milliseconds: number
  /** Times that the pixels were gone through: passes of the row loop, or compute passes. */
  readonly passes: number
  /** Parts that the rows were cut into. */
  readonly strips: number
  /** Bytes copied into the backend and out of it. */
  readonly bytesMoved: number
}

export interface Result extends Image {
  readonly run: RunInfo
}

export interface Explanation extends Choice {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3 | 4
  /** The kernels of each pass of the row loop. */
  readonly wasm: readonly string[][]
  /** The kernels of each compute pass. */
  readonly webgpu: readonly string[][]
}

export interface Stats {
  readonly calls: number
  readonly workers: number
  readonly arenaBytesUsed: number
  readonly arenaBytesReserved: number
  readonly gpuBytesAllocated: number
  readonly gpuPipelines: number
}

const DEFAULT_BUDGET_BYTES = 2 ** 31
const MAX_BUDGET_BYTES = 2 ** 32
const MAX_THREADS = 32
/**
 * Starting a GPU takes a while, which one call does not repay: it is looked for, beside the work, by the second call
 * that is predicted to take at least this long without.
 */
const GPU_WORTH_MS = 20
const GPU_WORTH_CALLS = 2

/** Runs steps on images. Make one with `createEngine`. */
export class Engine implements AsyncDisposable {
  readonly #options: Required<{ [K in keyof EngineOptions]: NonNullable<EngineOptions[K]> }>
  readonly #wasm: WasmBackend | string
  #webgpu: WebgpuBackend | string = 'not started, since so far there was too little to do to repay that'
  /** Calls so far that might have been faster on a GPU. */
  #gpuCalls = 0
  #opening: Promise<void> | undefined
  readonly #costs: Costs
  readonly #running = new Set<Promise<unknown>>()
  #calls = 0
  #closed = false

  constructor(options: EngineOptions = {}) {
    const where = 'createEngine'
    const { backend = 'auto', threads = platform.cores, memoryBudgetBytes = DEFAULT_BUDGET_BYTES, gpu = true } = options
    checkBackend(where, backend)
    checkInteger(where, 'threads', threads, 0, MAX_THREADS)
    checkInteger(where, 'memoryBudgetBytes', memoryBudgetBytes, 2 ** 20, MAX_BUDGET_BYTES)
    if (typeof gpu !== 'boolean') throw InvalidArgumentError.of(where, 'gpu', 'true or false', gpu)
    this.#options = { backend, threads, memoryBudgetBytes, gpu }
    if (!gpu) this.#webgpu = 'createEngine was told to leave the GPU alone'
    try {
      this.#wasm = new WasmBackend({ threads, memoryBudgetBytes })
    } catch (error) {
      this.#wasm = `WebAssembly with SIMD and shared memory does not start here: ${error instanceof Error ? error.message : String(error)}`
    }
    this.#costs = new Costs(threads)
  }

  /** What runs here, and what does not and why. The GPU is looked for by the first call that may need it. */
  get capabilities(): Capabilities {
    const webgpu: Availability =
      typeof this.#webgpu === 'string'
        ? { available: false, reason: this.#webgpu }
        : { available: true, cost: this.#costs.of('webgpu'), software: this.#webgpu.software, name: this.#webgpu.adapter }
    return {
      wasm:
        typeof this.#wasm === 'string'
          ? { available: false, reason: this.#wasm }
          : { available: true, cost: this.#costs.of('wasm'), name: `${this.#wasm.pool.threads} threads` },
      webgpu,
      reference: { available: true, cost: this.#costs.of('reference') },
    }
  }

  /**
   * Runs steps on an image, in order, and resolves to a new image; the source is not changed.
   * @throws InvalidArgumentError, StepError, UnsupportedError, MemoryError, BackendError, DisposedError, or the
   *   signal's reason.
   */
  async apply(image: ImageLike, steps: readonly Step[], options: ApplyOptions = {}): Promise<Result> {
    const where = 'apply'
    this.#checkOpen(where)
    const source = image instanceof ResidentImage ? checkResident(image) : checkImage(where, image)
    checkSteps(where, steps)
    const { signal, onProgress, backend = this.#options.backend } = options
    checkBackend(where, backend)
    const plan = planOf(source, steps)
    const into = options.into === undefined ? undefined : checkInto(where, options.into, plan)
    signal?.throwIfAborted()

    const work = this.#run({ image: source, steps, into, signal, onProgress }, plan, backend)
    this.#running.add(work)
    try {
      return await work
    } finally {
      this.#running.delete(work)
    }
  }

  /**
   * Runs steps on many images and gives `{ index, image }` for each, or with `onError: 'settle'` `{ index, error }` for
   * one that failed. Images are loaded, filtered and used at the same time, at most `concurrency` of them; nothing
   * starts before the first result is asked for. Leaving the loop early stops the work and closes `sources`; a function
   * that is still loading an image is told by its signal, and not waited for.
   * @throws InvalidArgumentError or DisposedError at once. The iteration rejects with the first error of an image (see
   *   `onError`), with what `sources` throws, or with the signal's reason, once no work is running any more.
   */
  map<E extends OnError = 'throw'>(
    sources: Iterable<Source> | AsyncIterable<Source>,
    steps: StepsOf,
    options: MapOptions<E> = {},
  ): AsyncGenerator<MapEntry<Result, E>, undefined> {
    const where = 'map'
    this.#checkOpen(where)
    if (typeof steps !== 'function') checkSteps(where, steps)
    checkBackend(where, options.backend ?? this.#options.backend)
    return mapImages((image, own, hooks) => this.apply(image, own, { ...options, ...hooks, into: undefined }), sources, steps, options)
  }

  /** What `apply` would do and why, without doing it. */
  async explain(image: Omit<ImageLike, 'data'> & { readonly data?: ImageLike['data'] }, steps: readonly Step[]): Promise<Explanation> {
    const where = 'explain'
    this.#checkOpen(where)
    checkSteps(where, steps)
    const width = checkSide(where, 'image.width', image.width)
    const height = checkSide(where, 'image.height', image.height)
    const channels = image.channels ?? (image.data === undefined ? 4 : checkImage(where, image as ImageLike).channels)
    const plan = planOf({ width, height, channels: channels as 1 | 3 | 4 }, steps)
    await this.#openGpu(steps)
    const { shape } = plan.nodes[plan.result] as Plan['nodes'][number]
    const passNames = passes(plan).map(({ before, window, after, reduces }) =>
      [...before, ...(window ? [window] : []), ...after].map(({ stage }) => stage.kernel).concat(reduces ? ['histogram'] : []),
    )
    return {
      ...choose(workloadOf(plan), this.capabilities),
      width: shape.width,
      height: shape.height,
      channels: shape.channels,
      wasm: phases(plan).map(({ stages }) => stages.map(({ stage }) => stage.kernel).filter((kernel) => kernel !== '')),
      webgpu: passNames,
    }
  }

  /**
   * An image inside the engine's memory, all bytes 0: `data` is a writable view of it, and calls use it without a
   * copy. Keep the image while you use its data.
   */
  createImage(width: number, height: number, channels: 1 | 3 | 4 = 4): ResidentImage {
    const where = 'createImage'
    this.#checkOpen(where)
    checkSide(where, 'width', width)
    checkSide(where, 'height', height)
    if (![1, 3, 4].includes(channels)) throw InvalidArgumentError.of(where, 'channels', '1, 3 or 4', channels)
    if (typeof this.#wasm === 'string') throw new UnsupportedError(`${where}: ${this.#wasm}`)
    return this.#wasm.createImage(width, height, channels)
  }

  stats(): Stats {
    const wasm = typeof this.#wasm === 'string' ? undefined : this.#wasm
    const webgpu = typeof this.#webgpu === 'string' ? undefined : this.#webgpu
    return {
      calls: this.#calls,
      workers: wasm?.pool.workers ?? 0,
      arenaBytesUsed: wasm?.arena.bytesUsed ?? 0,
      arenaBytesReserved: wasm?.arena.bytesReserved ?? 0,
      gpuBytesAllocated: webgpu?.resources.bytesAllocated ?? 0,
      gpuPipelines: webgpu?.resources.pipelinesCompiled ?? 0,
    }
  }

  /** Waits for the calls that are running, then ends the workers and the GPU. Not needed for a program to end. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.allSettled(this.#running)
    await this.#opening
    for (const backend of [this.#wasm, this.#webgpu]) if (typeof backend !== 'string') await backend.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #run(call: Call, plan: Plan, asked: BackendName | 'auto'): Promise<Result> {
    const workload = workloadOf(plan)
    const opening = asked === 'webgpu' || (asked === 'auto' && this.#wantsGpu(workload)) ? this.#openGpu(call.steps) : undefined
    // A call that can run without does not wait.
    if (asked === 'webgpu' || typeof this.#wasm === 'string') await opening
    const { backend: name, reason } = asked === 'auto' ? choose(workload, this.capabilities) : { backend: asked, reason: 'asked for' }
    const backend = this.#backend(name)
    const start = performance.now()
    const before = this.#preparations()
    try {
      const outcome = await backend.run(call)
      const result = this.#finish(outcome, name, reason, start)
      // A run that started workers or compiled pipelines tells nothing about the next.
      if (this.#preparations() === before) this.#costs.learn(name, workload, result.run.milliseconds)
      return result
    } catch (error) {
      const next = this.#fallback(name, error, asked)
      if (next === undefined) throw error
      return this.#finish(await next.run(call), next.name, `${name} failed (${(error as Error).message})`, start)
    }
  }

  #finish({ image, passes: count, strips, bytesMoved }: Outcome, backend: BackendName, reason: string, start: number): Result {
    this.#calls++
    const { width, height, channels, data } = image
    return { width, height, channels, data, run: { backend, reason, milliseconds: performance.now() - start, passes: count, strips, bytesMoved } }
  }

  /** How much was started and compiled so far. */
  #preparations(): number {
    const { workers, gpuPipelines } = this.stats()
    return workers + gpuPipelines
  }

  /** Who finishes a call that a backend could not: nobody where the caller is at fault or asked for just that one. */
  #fallback(failed: BackendName, error: unknown, asked: BackendName | 'auto'): Backend | undefined {
    const isLost = error instanceof BackendError && typeof this.#webgpu !== 'string' && this.#webgpu.lost !== undefined
    if (failed !== 'webgpu' || !(error instanceof IsopixError)) return undefined
    if (isLost) {
      this.#webgpu = `the GPU was lost: ${error.message}`
      this.#opening = undefined
    }
    if (asked === 'webgpu' && !isLost) return undefined
    return typeof this.#wasm === 'string' ? referenceBackend : this.#wasm
  }

  #wantsGpu(workload: Workload): boolean {
    if (typeof this.#wasm === 'string') return true
    if (predictMs(this.#costs.of('wasm'), workload) >= GPU_WORTH_MS) this.#gpuCalls++
    return this.#gpuCalls >= GPU_WORTH_CALLS
  }

  /** Looks for a GPU, once, and finds out how fast it is by the steps of the call that wants it. */
  #openGpu(steps: readonly Step[]): Promise<void> {
    if (!this.#options.gpu) return Promise.resolve()
    if (typeof this.#webgpu !== 'string') {
      if (this.#webgpu.lost === undefined) return this.#opening ?? Promise.resolve()
      // Lost between calls: a new device is asked for.
      this.#opening = undefined
    }
    this.#opening ??= WebgpuBackend.open().then(async (opened) => {
      this.#webgpu = opened
      const wasm = this.#wasm
      if (typeof opened === 'string' || opened.software || typeof wasm === 'string') return
      await this.#costs.calibrate([wasm, opened], steps, (image) => workloadOf(planOf(image, steps)))
    })
    return this.#opening
  }

  #backend(name: BackendName): Backend {
    const backend = { wasm: this.#wasm, webgpu: this.#webgpu, reference: referenceBackend }[name]
    if (typeof backend === 'string') throw new UnsupportedError(`apply: the backend "${name}" cannot run here: ${backend}`)
    return backend
  }

  #checkOpen(where: string): void {
    if (this.#closed) throw new DisposedError(`${where}: the engine was closed`)
  }
}

/** Makes an engine. It starts no worker and no GPU before a call needs them. */
export async function createEngine(options?: EngineOptions): Promise<Engine> {
  return new Engine(options)
}

let defaultEngine: Engine | undefined

/** `engine.apply` on an engine of its own that is made on first use. */
export async function apply(image: ImageLike, steps: readonly Step[], options?: ApplyOptions): Promise<Result> {
  defaultEngine ??= new Engine()
  return defaultEngine.apply(image, steps, options)
}

/** `engine.map` on the engine of `apply`. */
export function map<E extends OnError = 'throw'>(
  sources: Iterable<Source> | AsyncIterable<Source>,
  steps: StepsOf,
  options?: MapOptions<E>,
): AsyncGenerator<MapEntry<Result, E>, undefined> {
  defaultEngine ??= new Engine()
  return defaultEngine.map(sources, steps, options)
}

const planOf = ({ width, height, channels }: Omit<Image, 'data'>, steps: readonly Step[]): Plan =>
  compile(steps, { width, height, channels, format: 'u8' }, false)

function checkBackend(where: string, backend: unknown): void {
  const names = ['auto', 'wasm', 'webgpu', 'reference']
  if (!names.includes(backend as string)) throw InvalidArgumentError.of(where, 'backend', `one of ${names.join(', ')}`, backend)
}

function checkInteger(where: string, name: string, value: unknown, min: number, max: number): void {
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    throw InvalidArgumentError.of(where, name, `a whole number from ${min} to ${max}`, value)
  }
}

function checkSteps(where: string, steps: unknown): void {
  if (!Array.isArray(steps)) throw InvalidArgumentError.of(where, 'steps', 'an array of steps', steps)
  steps.forEach((step: unknown, index) => {
    const filter = (step as Step | null)?.filter as unknown
    if (typeof filter === 'object' && filter !== null) return
    throw new InvalidArgumentError(
      `${where}: expected steps[${index}] to be a step such as gaussianBlur({ sigma: 2 }), got ${show(step)}; parseSteps makes steps from JSON`,
    )
  })
}

function checkResident(image: ResidentImage): Image {
  // Throws where the image was disposed.
  void image.data
  return image
}

function checkInto(where: string, into: ImageLike, plan: Plan): Image {
  const checked = into instanceof ResidentImage ? checkResident(into) : checkImage(where, into)
  const { width, height, channels } = (plan.nodes[plan.result] as Plan['nodes'][number]).shape
  if (checked.width !== width || checked.height !== height || checked.channels !== channels) {
    throw new InvalidArgumentError(
      `${where}: expected into to be ${width} x ${height} with ${channels} channels, as the result is, got ${checked.width} x ${checked.height} with ${checked.channels}`,
    )
  }
  return checked
}

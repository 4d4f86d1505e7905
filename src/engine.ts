import type { Backend, BackendName, Call, Outcome, Threading } from './backends/backend.js'
import { referenceBackend } from './backends/reference.js'
import { WasmBackend } from './backends/wasm/backend.js'
import { phases } from './backends/wasm/phases.js'
import { ResidentImage } from './backends/wasm/resident.js'
import { WebgpuBackend } from './backends/webgpu/backend.js'
import { passes } from './backends/webgpu/passes.js'
import { type Availability, type Capabilities, type Choice, type Workload, choose, predictMs, workloadOf } from './choose.js'
import { Costs } from './costs.js'
import { checkBackend, checkInteger, checkInto, checkPixels, checkSteps } from './checks.js'
import { BackendError, DisposedError, InvalidArgumentError, IsopixError, UnsupportedError } from './errors.js'
import type { Step } from './filters/define.js'
import type { Global } from './globals.js'
import { type Image, type ImageLike, checkImage, checkSide } from './image.js'
import { type Plan, compile } from './plan.js'
import { platform } from '#platform'

export interface EngineOptions {
  /** Which backend runs calls that do not say; `auto` picks the one that is predicted to be fastest. */
  readonly backend?: BackendName | 'auto' | undefined
  /** Worker threads; default: the cores of this machine. 0 runs everything on the caller's thread. */
  readonly threads?: number | undefined
  /** The most memory that images and work may take inside the engine, in bytes; default 2 GiB. */
  readonly memoryBudgetBytes?: number | undefined
  /** `false` leaves the GPU alone; a device of yours is used as it is, and never destroyed. */
  readonly gpu?: boolean | Global<'GPUDevice'> | undefined
  /**
   * Where the worker's script is (`isopix/worker.js`) and where the kernels are (`isopix/kernels.wasm`). By default both
   * are part of the package's script and nothing has to be found; a page whose content security policy forbids `blob:`
   * workers needs the first.
   */
  readonly workerUrl?: string | Global<'URL'> | undefined
  readonly wasmUrl?: string | Global<'URL'> | undefined
}

export interface ApplyOptions {
  readonly backend?: BackendName | 'auto' | undefined
  /** Stops the work; the call rejects with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
  /** Called with a fraction from 0 to 1 while the work goes on. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  /** An image of the result's size that receives the pixels. */
  readonly into?: ImageLike | undefined
}

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
  /** How wasm reached threads: see `capabilities.wasm.threading` for the reason. Absent on other backends. */
  readonly threading?: Threading
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
  readonly #backend: BackendName | 'auto'
  readonly #gpu: boolean | GPUDevice
  readonly #wasm: WasmBackend | string
  #webgpu: WebgpuBackend | string = 'not started, since so far there was too little to do to repay that'
  /** Calls so far that might have been faster on a GPU. */
  #gpuCalls = 0
  #opening: Promise<void> | undefined
  readonly #costs: Costs
  readonly #running = new Set<Promise<unknown>>()
  #calls = 0
  #closed = false

  static async open(options: EngineOptions = {}): Promise<Engine> {
    const where = 'createEngine'
    const { backend = 'auto', threads = Math.min(platform.cores, MAX_THREADS), memoryBudgetBytes = DEFAULT_BUDGET_BYTES, gpu = true } = options
    checkBackend(where, backend)
    checkInteger(where, 'threads', threads, 0, MAX_THREADS)
    checkInteger(where, 'memoryBudgetBytes', memoryBudgetBytes, 2 ** 20, MAX_BUDGET_BYTES)
    if (typeof gpu !== 'boolean' && !isDevice(gpu)) throw InvalidArgumentError.of(where, 'gpu', 'true, false or a GPUDevice', gpu)
    for (const name of ['workerUrl', 'wasmUrl'] as const) {
      const url = options[name]
      if (url !== undefined && typeof url !== 'string' && !(url instanceof URL)) throw InvalidArgumentError.of(where, name, 'a string or a URL', url)
    }
    let wasm: WasmBackend | string
    try {
      wasm = await WasmBackend.open({ ...options, threads, memoryBudgetBytes })
    } catch (error) {
      wasm = `WebAssembly with SIMD does not start here: ${error instanceof Error ? error.message : String(error)}`
    }
    return new Engine(backend, gpu, wasm, threads)
  }

  private constructor(backend: BackendName | 'auto', gpu: boolean | GPUDevice, wasm: WasmBackend | string, threads: number) {
    this.#backend = backend
    this.#gpu = gpu
    this.#wasm = wasm
    if (gpu === false) this.#webgpu = 'createEngine was told to leave the GPU alone'
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
          : { available: true, cost: this.#costs.of('wasm'), name: `${this.#wasm.threads} threads`, threading: this.#wasm.threading },
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
    const source = checkPixels(where, image)
    checkSteps(where, steps)
    const { signal, onProgress, backend = this.#backend } = options
    checkBackend(where, backend)
    const plan = planOf(source, steps)
    const into = options.into === undefined ? undefined : checkInto(where, options.into, resultShape(plan))
    signal?.throwIfAborted()

    const work = this.#run({ image: source, steps, into, signal, onProgress }, plan, backend)
    this.#running.add(work)
    try {
      return await work
    } finally {
      this.#running.delete(work)
    }
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
    const shape = resultShape(plan)
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
      workers: wasm?.workers ?? 0,
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
    const backend = this.#find(name)
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

  #finish({ image, passes: count, ...rest }: Outcome, backend: BackendName, reason: string, start: number): Result {
    this.#calls++
    const { width, height, channels, data } = image
    return { width, height, channels, data, run: { backend, reason, milliseconds: performance.now() - start, passes: count, ...rest } }
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
    if (this.#gpu === false) return Promise.resolve()
    if (typeof this.#webgpu !== 'string') {
      if (this.#webgpu.lost === undefined) return this.#opening ?? Promise.resolve()
      // Lost between calls: a new device is asked for.
      this.#opening = undefined
    }
    this.#opening ??= WebgpuBackend.open({}, this.#gpu === true ? undefined : this.#gpu).then(async (opened) => {
      this.#webgpu = opened
      const wasm = this.#wasm
      if (typeof opened === 'string' || opened.software || typeof wasm === 'string') return
      await this.#costs.calibrate([wasm, opened], steps, (image) => workloadOf(planOf(image, steps)))
    })
    return this.#opening
  }

  #find(name: BackendName): Backend {
    const backend = { wasm: this.#wasm, webgpu: this.#webgpu, reference: referenceBackend }[name]
    if (typeof backend === 'string') throw new UnsupportedError(`apply: the backend "${name}" cannot run here: ${backend}`)
    return backend
  }

  #checkOpen(where: string): void {
    if (this.#closed) throw new DisposedError(`${where}: the engine was closed`)
  }
}

/** Makes an engine. It starts no worker and no GPU before a call needs them. */
export function createEngine(options?: EngineOptions): Promise<Engine> {
  return Engine.open(options)
}

let defaultEngine: Promise<Engine> | undefined

/** `engine.apply` on an engine of its own that is made on first use. */
export async function apply(image: ImageLike, steps: readonly Step[], options?: ApplyOptions): Promise<Result> {
  defaultEngine ??= Engine.open()
  return (await defaultEngine).apply(image, steps, options)
}

const planOf = ({ width, height, channels }: Omit<Image, 'data'>, steps: readonly Step[]): Plan =>
  compile(steps, { width, height, channels, format: 'u8' }, false)

const resultShape = ({ nodes, result }: Plan): Plan['source'] => (nodes[result] as Plan['nodes'][number]).shape

/** By what it can do: the name `GPUDevice` differs from one implementation to another. */
const isDevice = (value: unknown): value is GPUDevice => typeof (value as GPUDevice | null)?.createComputePipelineAsync === 'function'

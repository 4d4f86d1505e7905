import type { Backend, BackendName, Call, Outcome, Priority } from './backends/backend.js'
import { referenceBackend } from './backends/reference.js'
import { WasmBackend } from './backends/wasm/backend.js'
import { phases } from './backends/wasm/phases.js'
import { ResidentImage } from './backends/wasm/resident.js'
import { WebgpuBackend } from './backends/webgpu/backend.js'
import { forGpu } from './backends/webgpu/for-gpu.js'
import { GpuImage } from './backends/webgpu/gpu-image.js'
import { passes } from './backends/webgpu/passes.js'
import { checkBackend, checkInteger, checkInto, checkPriority, checkSteps } from './checks.js'
import { type Availability, type Capabilities, type Choice, type Workload, choose, predictMs, workloadOf } from './choose.js'
import { Costs } from './costs.js'
import { BackendError, DisposedError, InvalidArgumentError, IsopixError, UnsupportedError } from './errors.js'
import type { Step } from './filters/define.js'
import type { Global } from './globals.js'
import { Gpu } from './gpu.js'
import { type Image, type ImageLike, checkImage, checkSide } from './image.js'
import { KeptImage, type Store } from './kept-image.js'
import { type BatchOptions, type MapEntry, type MapSource, type OnError, type StepsOf, mapImages } from './map.js'
import { type Plan, compile, makeStages } from './plan.js'
import { Result } from './result.js'
import { type Source, open as openSource } from './sources.js'
import { Pace } from './turns.js'
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
  /** Whose turn comes first where calls run at once: `batch` gives way to `interactive`, which is the default. */
  readonly priority?: Priority | undefined
  /** Stops the work; the call rejects with the signal's reason. */
  readonly signal?: Global<'AbortSignal'> | undefined
  /** Called with a fraction from 0 to 1 while the work goes on. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  /**
   * An image of the result's size that receives the pixels. It may be the source, which changes only where the call
   * succeeds; another one may hold anything where the call fails.
   */
  readonly into?: ImageLike | undefined
  /** Leaves the result where it was made, on the GPU or in the engine's memory, for the next call or to be shown. */
  readonly keep?: boolean | undefined
}

/** Options of `apply` that go for every image, and those of the whole. */
export interface MapOptions<E extends OnError = OnError> extends BatchOptions<E>, Omit<ApplyOptions, 'signal' | 'onProgress' | 'into' | 'keep'> {}

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
  readonly gpuBytesUsed: number
  /** With the buffers that are kept for the calls to come. */
  readonly gpuBytesAllocated: number
  readonly gpuPipelines: number
}

const DEFAULT_BUDGET_BYTES = 2 ** 31
const MAX_BUDGET_BYTES = 2 ** 32
const MAX_THREADS = 32
/** Runs steps on images. Make one with `createEngine`. */
export class Engine implements AsyncDisposable {
  readonly #backend: BackendName | 'auto'
  readonly #wasm: WasmBackend | string
  readonly #gpu: Gpu
  readonly #costs: Costs
  readonly #running = new Set<Promise<void>>()
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
    const costs = new Costs(threads)
    return new Engine(backend, wasm, new Gpu({ gpu, memoryBudgetBytes }, costs), costs)
  }

  private constructor(backend: BackendName | 'auto', wasm: WasmBackend | string, gpu: Gpu, costs: Costs) {
    this.#backend = backend
    this.#wasm = wasm
    this.#gpu = gpu
    this.#costs = costs
  }

  /** What runs here, and what does not and why. The GPU is looked for by the first call that may need it. */
  get capabilities(): Capabilities {
    const gpu = this.#gpu.backend
    const webgpu: Availability =
      typeof gpu === 'string'
        ? { available: false, reason: gpu }
        : { available: true, cost: this.#costs.of('webgpu'), software: gpu.software, name: gpu.adapter }
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
  apply(source: Source, steps: readonly Step[], options: ApplyOptions & { readonly keep: true }): Promise<KeptImage>
  apply(source: Source, steps: readonly Step[], options?: ApplyOptions): Promise<Result>
  async apply(source: Source, steps: readonly Step[], options: ApplyOptions = {}): Promise<Result | KeptImage> {
    const where = 'apply'
    this.#checkOpen(where)
    const { signal, onProgress, priority, backend = this.#backend, keep = false } = options
    checkSteps(where, steps)
    checkBackend(where, backend)
    checkPriority(where, priority)
    if (keep && options.into !== undefined) throw new InvalidArgumentError(`${where}: expected into or keep, got both`)
    signal?.throwIfAborted()
    const leave = this.#enter()
    try {
      const image = await openSource(where, source)
      signal?.throwIfAborted()
      const plan = await planInTurns(image, steps, signal)
      const into = options.into === undefined ? undefined : checkInto(where, options.into, resultShape(plan))
      return await this.#run({ image, steps, into, priority, signal, onProgress, keep }, plan, backend)
    } finally {
      leave()
    }
  }

  /** Has `close` wait for a call, until the function that this returns is called. */
  #enter(): () => void {
    let settle = (): void => {}
    const call = new Promise<void>((resolve) => {
      settle = resolve
    })
    this.#running.add(call)
    return () => {
      this.#running.delete(call)
      settle()
    }
  }

  /** Brings an image to where work is done, the GPU if one is used, so that the calls to come need not. */
  async upload(source: Source, { backend, signal }: Pick<ApplyOptions, 'backend' | 'signal'> = {}): Promise<KeptImage> {
    this.#checkOpen('upload')
    await this.#openGpu([])
    const gpu = this.#gpu.backend
    const best = typeof gpu === 'string' || gpu.software ? 'auto' : 'webgpu'
    return this.apply(source, [], { backend: backend ?? (this.#backend === 'auto' ? best : this.#backend), signal, keep: true })
  }

  /**
   * Runs steps on many images and gives `{ index, image }` for each, or with `onError: 'settle'` `{ index, error }` for
   * one that failed. Images are loaded, filtered and used at the same time, at most `concurrency` of them; nothing
   * starts before the first result is asked for. Leaving the loop early stops the work and closes `sources`; a function
   * that is still loading an image is told by its signal, and not waited for.
   * @throws InvalidArgumentError or DisposedError at once. The iteration rejects with the first error of an image (see
   *   `onError`), with what `sources` throws, or with the signal's reason, once no work is running any more.
   */
  map<S extends Source, E extends OnError = 'throw'>(
    sources: Iterable<MapSource<S>> | AsyncIterable<MapSource<S>>,
    steps: StepsOf<S>,
    options: MapOptions<E> = {},
  ): AsyncGenerator<MapEntry<Result, E>, undefined> {
    this.#checkOpen('map')
    return mapWith((...call) => this.apply(...call), sources, steps, options)
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
    const passNames = passes(forGpu(plan)).map(({ before, window, after, reduces }) =>
      [...before, ...(window ? [window] : []), ...after].map(({ stage }) => stage.kernel).concat(reduces ? ['histogram'] : []),
    )
    return {
      ...choose(workloadOf(steps, plan.source), this.capabilities),
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
    return this.#newImage({ width, height, channels }, true)
  }

  stats(): Stats {
    const wasm = typeof this.#wasm === 'string' ? undefined : this.#wasm
    const webgpu = typeof this.#gpu.backend === 'string' ? undefined : this.#gpu.backend
    return {
      calls: this.#calls,
      workers: wasm?.workers ?? 0,
      arenaBytesUsed: wasm?.arena.bytesUsed ?? 0,
      arenaBytesReserved: wasm?.arena.bytesReserved ?? 0,
      gpuBytesUsed: webgpu?.resources.bytesUsed ?? 0,
      gpuBytesAllocated: webgpu?.resources.bytesAllocated ?? 0,
      gpuPipelines: webgpu?.resources.pipelinesCompiled ?? 0,
    }
  }

  /** Waits for the calls that are running, then ends the workers and the GPU. Not needed for a program to end. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.all(this.#running)
    await this.#gpu.close()
    if (typeof this.#wasm !== 'string') await this.#wasm.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #run(call: EngineCall, plan: Plan, asked: BackendName | 'auto'): Promise<Result | KeptImage> {
    const workload = workloadOf(call.steps, plan.source)
    const opening = asked === 'webgpu' || (asked === 'auto' && this.#wantsGpu(workload)) ? this.#openGpu(call.steps) : undefined
    // A call that can run without does not wait.
    if (asked === 'webgpu' || typeof this.#wasm === 'string') await opening
    const { backend: name, reason } = asked === 'auto' ? this.#choose(call, workload) : { backend: asked, reason: 'asked for' }
    const start = performance.now()
    const before = this.#preparations()
    const finish = ({ image, ...outcome }: Done, backend: BackendName, why: string): Result | KeptImage => {
      this.#calls++
      const run = { backend, reason: why, milliseconds: performance.now() - start, ...outcome }
      if (image instanceof GpuImage || call.keep) return new KeptImage(image as Store, run)
      return new Result(image, run)
    }
    try {
      const result = finish(await this.#execute(name, call, plan), name, reason)
      // A run that started workers or compiled pipelines tells nothing about the next.
      if (this.#preparations() === before) this.#costs.learn(name, workload, result.run.milliseconds)
      return result
    } catch (error) {
      return this.#recover(call, plan, asked, name, error, finish)
    }
  }

  /** Finishes a call that a backend could not: on a new device where the GPU was lost, and else on wasm. */
  async #recover(
    call: EngineCall,
    plan: Plan,
    asked: BackendName | 'auto',
    failed: BackendName,
    error: unknown,
    finish: (done: Done, backend: BackendName, why: string) => Result | KeptImage,
  ): Promise<Result | KeptImage> {
    // Whoever asked for just this backend, or is at fault, is told.
    if (failed !== 'webgpu' || !(error instanceof IsopixError)) throw error
    const gpu = this.#gpu.backend
    const isLost = error instanceof BackendError && typeof gpu !== 'string' && gpu.lost !== undefined
    if (asked === 'webgpu' && !isLost) throw error
    const why = `webgpu failed (${error.message})`
    if (isLost) {
      this.#gpu.lose(error.message)
      await this.#openGpu(call.steps)
      if (typeof this.#gpu.backend !== 'string') {
        try {
          return finish(await this.#execute('webgpu', call, plan), 'webgpu', `${why}; done again on a new device`)
        } catch (again) {
          if (!(again instanceof BackendError)) throw again
        }
      }
    }
    const next = typeof this.#wasm === 'string' ? 'reference' : 'wasm'
    return finish(await this.#execute(next, call, plan), next, why)
  }

  /** Runs a call on one backend; its image is brought there, and its result left there if it is to be kept. */
  async #execute(name: BackendName, { image: source, keep, ...call }: EngineCall, plan: Plan): Promise<Done> {
    const store = source instanceof KeptImage ? KeptImage.storeOf(source) : source
    const backend = this.#find(name)
    if (backend instanceof WebgpuBackend) {
      const image = store instanceof GpuImage && !store.isOn(backend) ? await store.read() : store
      return keep ? backend.keep({ ...call, image }) : backend.run({ ...call, image })
    }
    const image = store instanceof GpuImage ? await store.read() : store
    if (!keep) return backend.run({ ...call, image })
    const into = this.#newImage(resultShape(plan), false)
    try {
      return { ...(await backend.run({ ...call, image, into })), image: into }
    } catch (error) {
      into.dispose()
      throw error
    }
  }

  #choose({ image }: EngineCall, workload: Workload): { backend: BackendName; reason: string } {
    const store = image instanceof KeptImage ? KeptImage.storeOf(image) : undefined
    const gpu = this.#gpu.backend
    if (store instanceof GpuImage && typeof gpu !== 'string' && store.isOn(gpu)) return { backend: 'webgpu', reason: 'the image is on the GPU' }
    return choose(workload, this.capabilities)
  }

  /** How much was started and compiled so far. */
  #preparations(): number {
    const { workers, gpuPipelines } = this.stats()
    return workers + gpuPipelines
  }

  #wantsGpu(workload: Workload): boolean {
    return typeof this.#wasm === 'string' || this.#gpu.isWorthwhile(predictMs(this.#costs.of('wasm'), workload))
  }

  #openGpu(steps: readonly Step[]): Promise<void> {
    const wasm = typeof this.#wasm === 'string' ? undefined : this.#wasm
    return this.#gpu.open(steps, wasm)
  }

  #find(name: BackendName): Backend {
    const backend = { wasm: this.#wasm, webgpu: this.#gpu.backend, reference: referenceBackend }[name]
    if (typeof backend === 'string') throw new UnsupportedError(`apply: the backend "${name}" cannot run here: ${backend}`)
    return backend
  }

  #newImage(shape: Omit<Image, 'data'>, blank: boolean): ResidentImage {
    return typeof this.#wasm === 'string' ? new ResidentImage(undefined, shape, blank) : this.#wasm.createImage(shape, blank)
  }

  #checkOpen(where: string): void {
    if (this.#closed) throw new DisposedError(`${where}: the engine was closed`)
  }
}

/** A call with its image wherever that is. */
type EngineCall = Omit<Call, 'image'> & { readonly image: Image | KeptImage; readonly keep: boolean }

/** What a backend made, wherever that is. */
type Done = Omit<Outcome, 'image'> & { readonly image: Image | GpuImage }

/** Makes an engine. It starts no worker and no GPU before a call needs them. */
export function createEngine(options?: EngineOptions): Promise<Engine> {
  return Engine.open(options)
}

let defaultEngine: Promise<Engine> | undefined

/** `engine.apply` on an engine of its own that is made on first use. */
export function apply(source: Source, steps: readonly Step[], options: ApplyOptions & { readonly keep: true }): Promise<KeptImage>
export function apply(source: Source, steps: readonly Step[], options?: ApplyOptions): Promise<Result>
export async function apply(source: Source, steps: readonly Step[], options?: ApplyOptions): Promise<Result | KeptImage> {
  defaultEngine ??= Engine.open()
  return (await defaultEngine).apply(source, steps, options)
}

/** `engine.map` on the engine of `apply`. */
export function map<S extends Source, E extends OnError = 'throw'>(
  sources: Iterable<MapSource<S>> | AsyncIterable<MapSource<S>>,
  steps: StepsOf<S>,
  options: MapOptions<E> = {},
): AsyncGenerator<MapEntry<Result, E>, undefined> {
  return mapWith((...call) => apply(...call), sources, steps, options)
}

function mapWith<S extends Source, E extends OnError>(
  applyTo: (source: S, steps: readonly Step[], options: ApplyOptions) => Promise<Result>,
  sources: Iterable<MapSource<S>> | AsyncIterable<MapSource<S>>,
  steps: StepsOf<S>,
  options: MapOptions<E>,
): AsyncGenerator<MapEntry<Result, E>, undefined> {
  if (typeof steps !== 'function') checkSteps('map', steps)
  checkBackend('map', options.backend ?? 'auto')
  return mapImages((image, own, hooks) => applyTo(image, own, { ...options, ...hooks, into: undefined, keep: false }), sources, steps, options)
}

const planOf = ({ width, height, channels }: Omit<Image, 'data'>, steps: readonly Step[]): Plan =>
  compile(steps, { width, height, channels, format: 'u8' }, false)

/** The same, with pauses where tables of large images take long. */
async function planInTurns(image: Omit<Image, 'data'>, steps: readonly Step[], signal: AbortSignal | undefined): Promise<Plan> {
  const { width, height, channels } = image
  const pace = new Pace()
  for (const _ of makeStages(steps, { width, height, channels, format: 'u8' })) await pace.giveWay(signal)
  return planOf(image, steps)
}

const resultShape = ({ nodes, result }: Plan): Plan['source'] => (nodes[result] as Plan['nodes'][number]).shape

/** By what it can do: the name `GPUDevice` differs from one implementation to another. */
const isDevice = (value: unknown): value is GPUDevice => typeof (value as GPUDevice | null)?.createComputePipelineAsync === 'function'

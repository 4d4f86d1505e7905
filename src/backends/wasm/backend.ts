import { BackendError } from '../../errors.js'
import { kernelsWasm } from '../../generated/kernels.js'
import { type Image, clamped } from '../../image.js'
import { type Plan, compile } from '../../plan.js'
import { type Shape, bytesOf } from '../../stage.js'
import type { Backend, Call, Outcome, Priority } from '../backend.js'
import { instantiate, kernelSlots } from './instantiate.js'
import { Arena } from './memory.js'
import { type Phase, phases } from './phases.js'
import { Pool } from './pool.js'
import { CONTROL_BYTES, type Kernels, MAX_STRIPS } from './protocol.js'
import { type Records, SLACK_BYTES, encode } from './records.js'
import { ResidentImage } from './resident.js'

export interface WasmOptions {
  readonly threads: number
  readonly memoryBudgetBytes: number
  /** Work (look-ups of a pixel) up to which a phase runs on the caller's thread; for tests. */
  readonly inlineWork?: number
  /** Rows of a strip; for tests, since it must not matter. */
  readonly rowsPerStrip?: number
}

/** Below this much work (look-ups of a pixel) waking a worker costs more than it saves. */
const INLINE_WORK = 400_000
/** Strips for each thread: enough to share work evenly, few enough that overlaps cost little. */
const STRIPS_PER_THREAD = 4
const MIN_STRIP_ROWS = 16
/** The work of a strip (look-ups of a pixel), some milliseconds: a job that is more urgent waits for no more than that. */
const MAX_STRIP_WORK = 4_000_000
/** A job record: `Job` in assembly/stream.ts. */
const JOB_WORDS = 6

let compiled: WebAssembly.Module | undefined

export class WasmBackend implements Backend {
  readonly name = 'wasm'
  readonly arena: Arena
  readonly pool: Pool
  readonly #inlineWork: number
  readonly #rowsPerStrip: number | undefined
  readonly #slots: ReadonlyMap<string, number>
  readonly #kernels: Kernels

  /** Throws where shared memory, SIMD or wasm itself is missing. */
  constructor({ threads, memoryBudgetBytes, inlineWork = INLINE_WORK, rowsPerStrip }: WasmOptions) {
    this.#inlineWork = inlineWork
    this.#rowsPerStrip = rowsPerStrip
    compiled ??= new WebAssembly.Module(kernelsWasm())
    this.#slots = kernelSlots(compiled)
    this.arena = new Arena(memoryBudgetBytes, CONTROL_BYTES)
    this.#kernels = instantiate(compiled, this.arena.memory)
    this.pool = new Pool(threads, this.arena.memory, compiled, this.#kernels)
  }

  async run(call: Call): Promise<Outcome> {
    const run = new Run(this.arena, this.pool, this.#kernels, this.#slots, this.#inlineWork, this.#rowsPerStrip)
    try {
      return await run.execute(call)
    } catch (error) {
      throw error instanceof WebAssembly.RuntimeError ? new BackendError(`wasm: a kernel failed: ${error.message}`, { cause: error }) : error
    } finally {
      run.release()
    }
  }

  createImage(width: number, height: number, channels: 1 | 3 | 4): ResidentImage {
    return new ResidentImage(this.arena, width, height, channels)
  }

  close(): Promise<void> {
    return this.pool.close()
  }
}

interface RunOptions {
  readonly priority: Priority | undefined
  readonly signal: AbortSignal | undefined
  readonly onStrip: (done: number, strips: number) => void
}

/** One call: what it allocates, and the images and tables that its phases make, in order. */
class Run {
  readonly #arena: Arena
  readonly #pool: Pool
  readonly #kernels: Kernels
  readonly #slots: ReadonlyMap<string, number>
  readonly #blocks: number[] = []
  /** Addresses of the images: the source, then what each phase made. */
  readonly #images: number[] = []
  readonly #tables: (Uint8Array | undefined)[] = [undefined]
  readonly #inlineWork: number
  readonly #rowsPerStrip: number | undefined
  #strips = 0

  constructor(
    arena: Arena,
    pool: Pool,
    kernels: Kernels,
    slots: ReadonlyMap<string, number>,
    inlineWork: number,
    rowsPerStrip: number | undefined,
  ) {
    this.#rowsPerStrip = rowsPerStrip
    this.#inlineWork = inlineWork
    this.#arena = arena
    this.#pool = pool
    this.#kernels = kernels
    this.#slots = slots
  }

  async execute({ image, steps, into, priority, signal, onProgress }: Call): Promise<Outcome> {
    const source: Shape = { width: image.width, height: image.height, channels: image.channels, format: 'u8' }
    const plan = compile(steps, source, false)
    const general = phases(plan)
    const opaquePlan = compile(steps, source, true)
    const opaque = phases(opaquePlan)
    // The phase's other form, for opaque pixels, where there is one. Strips take either, so that the images between
    // phases have to be the same in both: premultiplied pixels, kept for a wrapped border, are not.
    const inStep = imagesBetween(opaquePlan) === imagesBetween(plan)
    const opaqueForm = (index: number): { phase: Phase; plan: Plan } | undefined => {
      const phase = inStep ? opaque[index] : undefined
      return phase === undefined || kernelsOf(phase) === kernelsOf(general[index] as Phase) ? undefined : { phase, plan: opaquePlan }
    }

    let bytesMoved = 0
    this.#images.push(this.#arenaAddress(image) ?? this.#allocate(image.data.length + SLACK_BYTES))
    if (this.#arenaAddress(image) === undefined) {
      this.#arena.bytes(this.#images[0] as number, image.data.length).set(image.data)
      bytesMoved += image.data.length
    }

    for (const [index, phase] of general.entries()) {
      const isLast = index === general.length - 1
      // Rows of the source are still read while rows of the result are written, so that they must not be the same.
      const target = isLast && into !== undefined && into !== image ? this.#arenaAddress(into) : undefined
      await this.#runPhase(phase, plan, opaqueForm(index), target, {
        priority,
        signal,
        onStrip: (done, strips) => onProgress?.((index + done / strips) / general.length),
      })
    }

    const { width, height, channels } = (plan.nodes[plan.result] as Plan['nodes'][number]).shape
    const size = width * height * channels
    const address = this.#images.at(-1) as number
    const passes = general.length
    if (into !== undefined && this.#arenaAddress(into) === address) return { image: into, passes, strips: this.#strips, bytesMoved }
    const data = into?.data ?? new Uint8ClampedArray(size)
    data.set(this.#arena.bytes(address, size))
    return {
      image: into ?? { width, height, channels, data: clamped(data) },
      passes,
      strips: this.#strips,
      bytesMoved: bytesMoved + size,
    }
  }

  /** Gives back everything but the images that the caller owns. */
  release(): void {
    for (const block of this.#blocks) this.#arena.free(block)
  }

  async #runPhase(
    phase: Phase,
    plan: Plan,
    opaque: { phase: Phase; plan: Plan } | undefined,
    target: number | undefined,
    options: RunOptions,
  ): Promise<void> {
    const { stage, shape } = plan.nodes[phase.sink] as Plan['nodes'][number]
    const isReduction = stage.reduce !== undefined
    const countBytes = (stage.reduce?.size ?? 0) * 4
    const rows = rowsOf(phase)
    const fewest = Math.ceil(rows / MAX_STRIPS)
    const rowsPerStrip = this.#isInline(phase) ? rows : Math.max(fewest, this.#rowsPerStrip ?? stripRows(phase, this.#pool.threads))
    const strips = Math.ceil(rows / rowsPerStrip)
    // Each strip has counts of its own, so that one which is run again does not count twice.
    const counts = isReduction ? this.#allocate(countBytes * strips) : 0
    const sizeBytes = shape.width * shape.height * shape.channels * bytesOf(shape.format)
    this.#images.push(isReduction ? 0 : (target ?? this.#allocate(sizeBytes + SLACK_BYTES)))

    const general = this.#place(phase, plan, counts)
    const other = opaque === undefined ? undefined : this.#place(opaque.phase, opaque.plan, counts)
    const job = this.#allocate(JOB_WORDS * 4)
    const whole = phase.stages.some(({ stage: { wholeInput } }) => wholeInput) ? 1 : 0
    this.#arena.words(job, JOB_WORDS).set([general.address, general.count, other?.address ?? 0, other?.count ?? 0, whole, rowsPerStrip])
    await this.#runRows(phase, job, rowsPerStrip, Math.max(general.scratchBytes, other?.scratchBytes ?? 0), options)
    this.#strips += strips

    this.#tables.push(stage.reduce?.table(this.#sum(counts, stage.reduce.size, strips)))
  }

  async #runRows(phase: Phase, job: number, rowsPerStrip: number, scratchBytes: number, options: RunOptions): Promise<void> {
    const rows = rowsOf(phase)
    if (this.#isInline(phase)) {
      options.signal?.throwIfAborted()
      this.#kernels.run(job, 0, rows, this.#allocate(scratchBytes))
      options.onStrip(1, 1)
      return
    }
    const scratch = this.#allocate(scratchBytes * this.#pool.threads)
    await this.#pool.run({ job, rows, rowsPerStrip, scratch, scratchBytes, ...options })
  }

  #isInline(phase: Phase): boolean {
    return this.#pool.threads === 0 || workOf(phase) <= this.#inlineWork
  }

  /** The sum of the counts of every strip. */
  #sum(counts: number, size: number, strips: number): Uint32Array {
    const sums = new Uint32Array(size)
    const words = this.#arena.words(counts, size * strips)
    for (let i = 0; i < words.length; i++) sums[i % size]! += words[i] as number
    return sums
  }

  /** Encodes a phase into a block of the arena. */
  #place(phase: Phase, plan: Plan, counts: number): Records {
    const order = [0, ...phases(plan).map(({ sink }) => sink)]
    const places = {
      slot: (kernel: string) => this.#slots.get(kernel) ?? 0,
      image: (node: number) => this.#images[order.indexOf(node)] as number,
      reduced: (node: number) => this.#tables[order.indexOf(node)] as Uint8Array,
      counts: () => counts,
    }
    const { length } = encode(phase, 0, places).bytes
    const base = this.#allocate(length)
    const records = encode(phase, base, places)
    this.#arena.bytes(base, length).set(records.bytes)
    return records
  }

  #allocate(bytes: number): number {
    const address = this.#arena.allocate(bytes)
    this.#blocks.push(address)
    return address
  }

  /** The address of an image that lives in this arena. */
  #arenaAddress(image: Image): number | undefined {
    return image instanceof ResidentImage && image.arena === this.#arena ? image.address : undefined
  }
}

/** The shapes of the images that a plan's phases make. */
const imagesBetween = (plan: Plan): string =>
  JSON.stringify(phases(plan).map(({ sink }) => (plan.nodes[sink] as Plan['nodes'][number]).shape))

/** The names of a phase's kernels: phases that do without alpha have others, or fewer. */
const kernelsOf = ({ stages }: Phase): string => stages.map(({ stage }) => stage.kernel).join(' ')

/** Rows that a phase makes. */
const rowsOf = ({ stages }: Phase): number => (stages.at(-1) as Phase['stages'][number]).shape.height

const workOf = ({ stages }: Phase): number => stages.reduce((sum, { stage, shape }) => sum + stage.work * shape.width * shape.height, 0)

/**
 * Rows of a strip: some strips for each thread, but not so thin that most of a strip is its halo. Where such a strip
 * would keep others waiting, it is thinner, down to its halo.
 */
function stripRows(phase: Phase, threads: number): number {
  const rows = rowsOf(phase)
  const halo = phase.stages.reduce((sum, { stage: { rows: window } }) => sum + (window === undefined || window.starts ? 0 : window.taps - 1), 0)
  const fair = Math.ceil(rows / (threads * STRIPS_PER_THREAD))
  const short = Math.ceil((rows * MAX_STRIP_WORK) / workOf(phase))
  return Math.min(Math.ceil(rows / threads), Math.max(halo, Math.min(short, Math.max(MIN_STRIP_ROWS, fair, 2 * halo))))
}

import { BAND_BYTES } from '../../copy.js'
import { BackendError } from '../../errors.js'
import type { Step } from '../../filters/define.js'
import type { Image } from '../../image.js'
import type { Backend, Call, Outcome, Threading } from '../backend.js'
import { MemoryQueue } from '../memory-queue.js'
import { ArenaRun, type Workshop } from './arena-run.js'
import { formsOf } from './forms.js'
import { instantiate, kernelSlots } from './instantiate.js'
import { kernelsModule } from './kernels.js'
import { KnownRecords } from './known-records.js'
import { Arena } from './memory.js'
import { Pool } from './pool.js'
import { CONTROL_BYTES } from './protocol.js'
import { ResidentImage } from './resident.js'
import { workOf } from './strips.js'
import { TransferPool } from './transfer-pool.js'
import { TransferRun } from './transfer-run.js'

export interface WasmOptions {
  readonly threads: number
  readonly memoryBudgetBytes: number
  /** Files to load instead of what is part of this package. */
  readonly workerUrl?: string | URL | undefined
  readonly wasmUrl?: string | URL | undefined
  /** The first that is tried; for tests. */
  readonly threading?: Threading
  /** Work up to which a phase runs on the caller's thread; for tests. */
  readonly inlineWork?: number
  /** Rows of a strip; for tests, since it must not matter. */
  readonly rowsPerStrip?: number
  /** Bytes that are copied at once; for tests, since it must not matter. */
  readonly bandBytes?: number
}

/** Below this much work waking a worker costs more than it saves. */
const INLINE_WORK = 250_000
/** Below this much work sending rows to workers and back costs more than it saves. */
const INLINE_WORK_BEFORE_TRANSFER = 750_000

export class WasmBackend implements Backend {
  readonly name = 'wasm'
  readonly arena: Arena
  readonly threads: number
  readonly #shop: Workshop
  readonly #transfer: TransferPool | undefined
  readonly #queue = new MemoryQueue()
  readonly #why: string

  /** Throws where SIMD or wasm itself is missing. */
  static async open(options: WasmOptions): Promise<WasmBackend> {
    const { threads, memoryBudgetBytes, wasmUrl, threading = 'shared' } = options
    if (threading === 'shared') {
      const arena = sharedArena(memoryBudgetBytes)
      if (typeof arena !== 'string') return new WasmBackend(options, arena, await kernelsModule(true, wasmUrl), 'memory is shared with workers')
      const arenaOfItsOwn = new Arena(memoryBudgetBytes, CONTROL_BYTES, false)
      return new WasmBackend(options, arenaOfItsOwn, await kernelsModule(false, wasmUrl), `memory cannot be shared with workers here: ${arena}`)
    }
    const arena = new Arena(memoryBudgetBytes, CONTROL_BYTES, false)
    return new WasmBackend({ ...options, threads: threading === 'inline' ? 0 : threads }, arena, await kernelsModule(false, wasmUrl), 'asked for')
  }

  private constructor(
    { threads, inlineWork, rowsPerStrip, bandBytes = BAND_BYTES, workerUrl }: WasmOptions,
    arena: Arena,
    module: WebAssembly.Module,
    why: string,
  ) {
    const slots = kernelSlots(module)
    const kernels = instantiate(module, arena.memory)
    const shared = isShared(arena)
    const hasWorkers = threads > 0
    this.arena = arena
    this.threads = threads
    this.#why = hasWorkers ? why : 'no threads were asked for'
    this.#transfer = hasWorkers && !shared ? new TransferPool(threads, module, workerUrl) : undefined
    this.#shop = {
      arena,
      kernels,
      slots,
      known: new KnownRecords(),
      pool: hasWorkers && shared ? new Pool(threads, arena.memory, module, kernels, workerUrl) : undefined,
      inlineWork: inlineWork ?? (shared ? INLINE_WORK : INLINE_WORK_BEFORE_TRANSFER),
      rowsPerStrip,
      bandBytes,
    }
  }

  /** How work reaches threads, and why so. */
  get threading(): { readonly name: Threading; readonly why: string } {
    const broken = this.#shop.pool?.broken ?? this.#transfer?.broken
    if (broken !== undefined) return { name: 'inline', why: `${this.#why}; workers do not live: ${broken.message}` }
    if (this.#shop.pool !== undefined) return { name: 'shared', why: this.#why }
    if (this.#transfer === undefined) return { name: 'inline', why: this.#why }
    return { name: 'transfer', why: this.#why }
  }

  /** The workers that share memory; absent on the other rungs. */
  get pool(): Pool | undefined {
    return this.#shop.pool
  }

  get workers(): number {
    return this.#shop.pool?.workers ?? this.#transfer?.workers ?? 0
  }

  async run(call: Call): Promise<Outcome> {
    const transfer = this.#transferFor(call)
    if (transfer !== undefined) {
      try {
        return await new TransferRun(transfer, this.#shop.slots, this.#shop.rowsPerStrip).execute(call)
      } catch (error) {
        if (error !== transfer.broken) throw error
      }
    }
    return this.#queue.run(() => this.#runInArena(call), call.signal)
  }

  async #runInArena(call: Call): Promise<Outcome> {
    const run = new ArenaRun(this.#shop)
    try {
      return await run.execute(call)
    } catch (error) {
      throw error instanceof WebAssembly.RuntimeError ? new BackendError(`wasm: a kernel failed: ${error.message}`, { cause: error }) : error
    } finally {
      run.release()
    }
  }

  createImage(shape: Omit<Image, 'data'>, blank: boolean): ResidentImage {
    return new ResidentImage(isShared(this.arena) ? this.arena : undefined, shape, blank)
  }

  async close(): Promise<void> {
    await this.#shop.pool?.close()
    await this.#transfer?.close()
  }

  /** The workers to send a call to, where that pays. */
  #transferFor({ image, steps }: Call): TransferPool | undefined {
    if (this.#transfer === undefined || this.#transfer.broken !== undefined) return undefined
    return workOfCall(image, steps) > this.#shop.inlineWork ? this.#transfer : undefined
  }
}

const isShared = ({ memory }: Arena): boolean => !(memory.buffer instanceof ArrayBuffer)

/** A memory that workers may see, or why there is none. It is found out by trying: names prove nothing. */
function sharedArena(budgetBytes: number): Arena | string {
  try {
    return new Arena(budgetBytes, CONTROL_BYTES, true)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function workOfCall({ width, height, channels }: Call['image'], steps: readonly Step[]): number {
  const { forms } = formsOf(steps, { width, height, channels, format: 'u8' })
  return forms.reduce((sum, { general }) => sum + workOf(general.phase), 0)
}

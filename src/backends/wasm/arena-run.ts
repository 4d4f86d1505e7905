import { copyInBands } from '../../copy.js'
import { type Image, clamped } from '../../image.js'
import { bytesOf } from '../../stage.js'
import type { Call, Outcome, Threading } from '../backend.js'
import { type Form, type PhaseForms, formsOf, imageIndex, readsWhole, sinkOf } from './forms.js'
import type { Arena } from './memory.js'
import type { Phase } from './phases.js'
import type { Pool } from './pool.js'
import type { Kernels } from './protocol.js'
import { JOB_WORDS, type Records, SLACK_BYTES, encode, jobWords } from './records.js'
import { ResidentImage } from './resident.js'
import { stripRows, workOf } from './strips.js'

/** What the calls of an engine work with. */
export interface Workshop {
  readonly arena: Arena
  readonly kernels: Kernels
  readonly slots: ReadonlyMap<string, number>
  /** Absent where the caller's thread does all of it. */
  readonly pool: Pool | undefined
  /** Work (look-ups of a pixel) up to which a phase runs on the caller's thread. */
  readonly inlineWork: number
  readonly rowsPerStrip: number | undefined
}

interface Watch {
  readonly signal: AbortSignal | undefined
  readonly onStrip: (done: number, strips: number) => void
}

/** One call in the engine's memory: what it allocates, and the images and tables that its phases make, in order. */
export class ArenaRun {
  readonly #shop: Workshop
  readonly #arena: Arena
  readonly #blocks: number[] = []
  /** Addresses of the images: the source, then what each phase made. */
  readonly #images: number[] = []
  readonly #tables: (Uint8Array | undefined)[] = [undefined]
  #strips = 0
  #threading: Threading = 'inline'

  constructor(shop: Workshop) {
    this.#shop = shop
    this.#arena = shop.arena
  }

  async execute({ image, steps, into, signal, onProgress }: Call): Promise<Outcome> {
    const { forms, result } = formsOf(steps, { width: image.width, height: image.height, channels: image.channels, format: 'u8' })

    let bytesMoved = 0
    this.#images.push(this.#arenaAddress(image) ?? this.#allocate(image.data.length + SLACK_BYTES))
    if (this.#arenaAddress(image) === undefined) {
      const { data } = image
      const address = this.#images[0] as number
      await copyInBands(data.length, 1, (from, to) => this.#arena.bytes(address + from, to - from).set(data.subarray(from, to)))
      signal?.throwIfAborted()
      bytesMoved += data.length
    }

    for (const [index, phase] of forms.entries()) {
      const isLast = index === forms.length - 1
      // Rows of the source are still read while rows of the result are written, so that they must not be the same.
      const target = isLast && into !== undefined && into !== image ? this.#arenaAddress(into) : undefined
      await this.#runPhase(phase, target, {
        signal,
        onStrip: (done, strips) => onProgress?.((index + done / strips) / forms.length),
      })
    }

    const { width, height, channels } = result
    const size = width * height * channels
    const address = this.#images.at(-1) as number
    const outcome = { passes: forms.length, strips: this.#strips, threading: this.#threading }
    if (into !== undefined && this.#arenaAddress(into) === address) return { ...outcome, image: into, bytesMoved }
    const data = into?.data ?? new Uint8ClampedArray(size)
    await copyInBands(size, 1, (from, to) => data.set(this.#arena.bytes(address + from, to - from), from))
    return { ...outcome, image: into ?? { width, height, channels, data: clamped(data) }, bytesMoved: bytesMoved + size }
  }

  /** Gives back everything but the images that the caller owns. */
  release(): void {
    for (const block of this.#blocks) this.#arena.free(block)
  }

  async #runPhase({ general, opaque }: PhaseForms, target: number | undefined, watch: Watch): Promise<void> {
    const { stage, shape } = sinkOf(general)
    const isReduction = stage.reduce !== undefined
    const countBytes = (stage.reduce?.size ?? 0) * 4
    const counts = isReduction ? this.#allocate(countBytes) : 0
    if (isReduction) this.#arena.bytes(counts, countBytes).fill(0)
    const sizeBytes = shape.width * shape.height * shape.channels * bytesOf(shape.format)
    this.#images.push(isReduction ? 0 : (target ?? this.#allocate(sizeBytes + SLACK_BYTES)))

    const records = this.#place(general, counts)
    const other = opaque === undefined ? undefined : this.#place(opaque, counts)
    const job = this.#allocate(JOB_WORDS * 4)
    this.#arena.words(job, JOB_WORDS).set(jobWords(records, other, readsWhole(general.phase)))
    await this.#runRows(general.phase, job, Math.max(records.scratchBytes, other?.scratchBytes ?? 0), watch)

    this.#tables.push(stage.reduce?.table(new Uint32Array(this.#arena.bytes(counts, countBytes).slice().buffer)))
  }

  async #runRows(phase: Phase, job: number, scratchBytes: number, { signal, onStrip }: Watch): Promise<void> {
    const { height } = (phase.stages.at(-1) as Phase['stages'][number]).shape
    const { pool, kernels, inlineWork } = this.#shop
    if (pool === undefined || pool.threads === 0 || workOf(phase) <= inlineWork) {
      signal?.throwIfAborted()
      const scratch = this.#allocate(scratchBytes)
      kernels.run(job, 0, height, scratch)
      this.#strips++
      onStrip(1, 1)
      return
    }
    const rowsPerStrip = this.#shop.rowsPerStrip ?? stripRows(phase, height, pool.threads)
    this.#strips += Math.ceil(height / rowsPerStrip)
    this.#threading = 'shared'
    const scratch = this.#allocate(scratchBytes * pool.threads)
    await pool.run({ job, rows: height, rowsPerStrip, scratch, scratchBytes, signal, onStrip })
  }

  /** Encodes a phase into a block of the arena. */
  #place({ phase, plan }: Form, counts: number): Records {
    const places = {
      slot: (kernel: string) => this.#shop.slots.get(kernel) ?? 0,
      image: (node: number) => this.#images[imageIndex(plan, node)] as number,
      reduced: (node: number) => this.#tables[imageIndex(plan, node)] as Uint8Array,
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

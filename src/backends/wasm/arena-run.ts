import { platform } from '#platform'
import { type Image, clamped, shareMemory } from '../../image.js'
import { bytesOf } from '../../stage.js'
import { Pace } from '../../turns.js'
import type { Call, Outcome, Priority, Threading } from '../backend.js'
import { type Ferry, copyRowsIn, copyRowsOut, ferryStrips } from './ferry.js'
import { type Form, type PhaseForms, formsOf, imageIndex, readsWhole, sinkOf, stripsBySource } from './forms.js'
import type { KnownRecords } from './known-records.js'
import type { Arena } from './memory.js'
import type { Pool } from './pool.js'
import { type Kernels, MAX_STRIPS } from './protocol.js'
import { JOB_WORDS, type Records, SLACK_BYTES, jobWords } from './records.js'
import { ResidentImage } from './resident.js'
import { rowsOf, stripRows, workOf } from './strips.js'

/** What the calls of an engine work with. */
export interface Workshop {
  readonly arena: Arena
  readonly kernels: Kernels
  readonly slots: ReadonlyMap<string, number>
  readonly known: KnownRecords
  /** Absent where the caller's thread does all of it. */
  readonly pool: Pool | undefined
  /** Work up to which a phase runs on the caller's thread. */
  readonly inlineWork: number
  readonly rowsPerStrip: number | undefined
  /** Bytes that are copied at once; while more are, others work. */
  readonly bandBytes: number
}

interface Watch {
  readonly priority: Priority | undefined
  readonly signal: AbortSignal | undefined
  readonly onStrip: ((done: number, strips: number) => void) | undefined
}

/** One call in the engine's memory: what it allocates, and the images and tables that its phases make, in order. */
export class ArenaRun {
  readonly #shop: Workshop
  readonly #arena: Arena
  readonly #blocks: number[] = []
  /** Addresses of the images: the source, then what each phase made. */
  readonly #images: number[] = []
  readonly #tables: (Uint8Array | undefined)[] = [undefined]
  /** Phases that are too small for workers may be many. */
  readonly #pace = new Pace()
  #strips = 0
  #threading: Threading = 'inline'

  constructor(shop: Workshop) {
    this.#shop = shop
    this.#arena = shop.arena
  }

  async execute({ image, steps, into, priority, signal, onProgress }: Call): Promise<Outcome> {
    const { bandBytes } = this.#shop
    const { forms, source, result } = formsOf(steps, { width: image.width, height: image.height, channels: image.channels, format: 'u8' })

    const { width, height, channels } = result
    const size = width * height * channels
    const address = this.#arenaAddress(image) ?? this.#allocate(image.data.length + SLACK_BYTES)
    this.#images.push(address)
    const bytesIn = this.#arenaAddress(image) === undefined ? (source.to - source.from) * image.width * image.channels : 0
    const out = into?.data ?? platform.allocate(size)
    const copyIn = (arrived?: (row: number) => void): Promise<void> => copyRowsIn(this.#arena, address, image, source, { bandBytes, signal, arrived })
    const copyOut = (from: number, to: number): Promise<void> =>
      copyRowsOut(this.#arena, this.#images.at(-1) as number, out, width * channels, { from, to }, bandBytes)
    const feeds = forms.length > 0 && bytesIn > bandBytes
    // The source is not written before all is well, and what is in the arena already is not copied.
    const isElsewhere = into === undefined || (this.#arenaAddress(into) === undefined && !shareMemory(into, image))
    const drains = forms.length > 0 && size > bandBytes && isElsewhere

    if (bytesIn > 0 && !feeds) await copyIn()
    for (const [index, phase] of forms.entries()) {
      const isLast = index === forms.length - 1
      // Rows of the source are still read while rows of the result are written, so that they must not be the same.
      const target = isLast && into !== undefined && into !== image ? this.#arenaAddress(into) : undefined
      const watch = { priority, signal, onStrip: onProgress && ((done: number, strips: number) => onProgress((index + done / strips) / forms.length)) }
      await this.#runPhase(phase, target, watch, { copyIn: index === 0 && feeds ? copyIn : undefined, copyOut: isLast && drains ? copyOut : undefined })
    }

    const outcome = { passes: forms.length, strips: this.#strips, threading: this.#threading }
    if (into !== undefined && this.#arenaAddress(into) === this.#images.at(-1)) return { ...outcome, image: into, bytesMoved: bytesIn }
    if (!drains) await copyOut(0, height)
    return { ...outcome, image: into ?? { width, height, channels, data: clamped(out) }, bytesMoved: bytesIn + size }
  }

  /** Gives back everything but the images that the caller owns. */
  release(): void {
    for (const block of this.#blocks) this.#arena.free(block)
  }

  async #runPhase(forms: PhaseForms, target: number | undefined, watch: Watch, ferry: Ferry): Promise<void> {
    const { general, opaque } = forms
    const { stage, shape } = sinkOf(general)
    const { pool } = this.#shop
    const rows = rowsOf(general.phase)
    const workers = pool !== undefined && workOf((opaque ?? general).phase) > this.#shop.inlineWork ? pool : undefined
    const rowsPerStrip =
      workers === undefined ? rows : Math.max(Math.ceil(rows / MAX_STRIPS), this.#shop.rowsPerStrip ?? stripRows(general.phase, workers.threads))
    const strips = Math.ceil(rows / rowsPerStrip)
    // Each strip has counts of its own, so that one which is run again does not count twice.
    const counts = stage.reduce === undefined ? 0 : this.#allocate(stage.reduce.size * 4 * strips)
    const sizeBytes = shape.width * shape.height * shape.channels * bytesOf(shape.format)
    this.#images.push(stage.reduce === undefined ? (target ?? this.#allocate(sizeBytes + SLACK_BYTES)) : 0)

    const records = this.#place(general, counts)
    const other = opaque === undefined ? undefined : this.#place(opaque, counts)
    const job = this.#allocate(JOB_WORDS * 4)
    this.#arena.words(job, JOB_WORDS).set(jobWords(records, other, readsWhole(general.phase), rowsPerStrip))
    const scratchBytes = Math.max(records.scratchBytes, other?.scratchBytes ?? 0)
    const scratch = this.#allocate(scratchBytes * (workers?.threads ?? 1))
    if (workers === undefined) {
      await ferry.copyIn?.()
      watch.signal?.throwIfAborted()
      await this.#pace.giveWay(watch.signal)
      this.#shop.kernels.run(job, 0, rows, scratch)
      watch.onStrip?.(1, 1)
      await ferry.copyOut?.(0, rows)
    } else {
      const ferried = ferry.copyIn === undefined && ferry.copyOut === undefined ? {} : ferryStrips(stripsBySource(forms, rowsPerStrip), ferry)
      await workers.run({ job, rows, rowsPerStrip, scratch, scratchBytes, ...watch, ...ferried })
      // Where no worker lives, the pool does their work on this thread.
      if (workers.broken === undefined) this.#threading = 'shared'
    }
    this.#strips += strips
    this.#tables.push(stage.reduce?.table(this.#sum(counts, stage.reduce.size, strips)))
  }

  /** The sum of the counts of every strip. */
  #sum(counts: number, size: number, strips: number): Uint32Array {
    const sums = new Uint32Array(size)
    const words = this.#arena.words(counts, size * strips)
    for (let i = 0; i < words.length; i++) sums[i % size]! += words[i] as number
    return sums
  }

  /** Encodes a phase into a block of the arena. */
  #place({ phase, plan }: Form, counts: number): Records {
    const places = {
      slot: (kernel: string) => this.#shop.slots.get(kernel) ?? 0,
      image: (node: number) => this.#images[imageIndex(plan, node)] as number,
      reduced: (node: number) => this.#tables[imageIndex(plan, node)] as Uint8Array,
      counts: () => counts,
    }
    const { known } = this.#shop
    const size = known.sizeOf(phase, places)
    const base = this.#allocate(size)
    const records = known.at(phase, base, places)
    this.#arena.bytes(base, size).set(records.bytes)
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

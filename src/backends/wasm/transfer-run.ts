import type { Rows } from '../../border.js'
import { type Image, clamped, shareMemory } from '../../image.js'
import { type Shape, bytesOf } from '../../stage.js'
import type { Call, Outcome, Priority } from '../backend.js'
import { type Form, type PhaseForms, formsOf, imageIndex, readsWhole, sinkOf } from './forms.js'
import { JOB_WORDS, type Records, SLACK_BYTES, encode, jobWords } from './records.js'
import { rowsRead, stripRows } from './strips.js'
import type { Task } from './transfer.js'
import type { TransferPool } from './transfer-pool.js'

/** Nothing is at 0: there it would mean that there is nothing. */
const FIRST_ADDRESS = 64

/** More rows than any image has: what a strip keeps apart, it alone has in its worker's memory. */
const ALONE = 1 << 30

const rowBytesOf = ({ width, channels, format }: Shape): number => width * channels * bytesOf(format)
const roundUp = (bytes: number): number => Math.ceil(bytes / 64) * 64

/** One call on workers that share no memory: strips and the rows they need travel. */
export class TransferRun {
  readonly #pool: TransferPool
  readonly #slots: ReadonlyMap<string, number>
  readonly #rowsPerStrip: number | undefined
  /** The source, then what each phase made: an image, or the table of a reduction. */
  readonly #images: Uint8Array<ArrayBufferLike>[] = []
  #strips = 0
  #bytesMoved = 0

  constructor(pool: TransferPool, slots: ReadonlyMap<string, number>, rowsPerStrip: number | undefined) {
    this.#pool = pool
    this.#slots = slots
    this.#rowsPerStrip = rowsPerStrip
  }

  async execute({ image, steps, into, priority, signal, onProgress }: Call): Promise<Outcome> {
    const { width, height, channels } = image
    const { forms, result } = formsOf(steps, { width, height, channels, format: 'u8' })
    this.#images.push(bytesOfImage(image))
    for (const [index, phase] of forms.entries()) {
      const isLast = index === forms.length - 1
      // Strips are copied into the result while others still read the source, so that they must not be the same.
      const target = isLast && into !== undefined && !shareMemory(into, image) ? bytesOfImage(into) : undefined
      await this.#runPhase(phase, target, priority, signal, (done, strips) => onProgress?.((index + done / strips) / forms.length))
    }
    // Steps that change nothing have no phases: the result is a copy.
    const made = (forms.length === 0 ? this.#images[0]?.slice() : this.#images.at(-1)) as Uint8Array<ArrayBuffer>
    const outcome = { passes: forms.length, strips: this.#strips, bytesMoved: this.#bytesMoved, threading: 'transfer' as const }
    if (into === undefined) return { ...outcome, image: { width: result.width, height: result.height, channels: result.channels, data: clamped(made) } }
    if (into.data.buffer !== made.buffer) into.data.set(made)
    return { ...outcome, image: into }
  }

  async #runPhase(forms: PhaseForms, target: Uint8Array | undefined, priority: Priority | undefined, signal: AbortSignal | undefined, onStrip: (done: number, strips: number) => void): Promise<void> {
    const { stage, shape } = sinkOf(forms.general)
    const { reduce } = stage
    const { height } = (forms.general.phase.stages.at(-1) as Form['phase']['stages'][number]).shape
    const counts = reduce === undefined ? undefined : new Uint32Array(reduce.size)
    const made = reduce === undefined ? (target ?? new Uint8Array(shape.height * rowBytesOf(shape))) : undefined
    // Who reads all of the input is sent all of it.
    const whole = readsWhole(forms.general.phase)
    const rows = this.#rowsPerStrip ?? (whole ? Math.ceil(height / this.#pool.threads) : stripRows(forms.general.phase, this.#pool.threads))
    const strips = Math.ceil(height / rows)
    let next = 0
    let done = 0
    const takeStrips = async (): Promise<void> => {
      while (next < strips) {
        const y0 = next++ * rows
        const bytes = await this.#pool.run(() => {
          signal?.throwIfAborted()
          return this.#task(forms, y0, Math.min(y0 + rows, height))
        }, priority)
        signal?.throwIfAborted()
        this.#strips++
        this.#bytesMoved += bytes.byteLength
        if (counts === undefined) made?.set(new Uint8Array(bytes), y0 * rowBytesOf(shape))
        else new Uint32Array(bytes).forEach((count, bin) => (counts[bin] = (counts[bin] as number) + count))
        onStrip(++done, strips)
      }
    }
    await Promise.all(Array.from({ length: Math.min(strips, this.#pool.threads) }, takeStrips))
    this.#images.push(made ?? reduce!.table(counts as Uint32Array))
  }

  /** Lays out the worker's memory for rows y0 to y1 - 1: the rows they read, the rows they make, records, scratch. */
  #task(forms: PhaseForms, y0: number, y1: number): Task {
    const writes: { address: number; bytes: ArrayBuffer }[] = []
    let end = FIRST_ADDRESS
    const reserve = (bytes: number): number => {
      const address = end
      end = roundUp(end + bytes + SLACK_BYTES)
      return address
    }
    const write = (address: number, bytes: ArrayBuffer): void => void writes.push({ address, bytes })

    const addresses = new Map<number, number>()
    for (const [index, { rows, shape }] of this.#rowsRead(forms, y0, y1)) {
      const rowBytes = rowBytesOf(shape)
      const address = reserve((rows.to - rows.from) * rowBytes)
      const bytes = (this.#images[index] as Uint8Array).slice(rows.from * rowBytes, rows.to * rowBytes).buffer as ArrayBuffer
      this.#bytesMoved += bytes.byteLength
      write(address, bytes)
      // Where row 0 would be.
      addresses.set(index, (address - rows.from * rowBytes) | 0)
    }

    const { stage, shape } = sinkOf(forms.general)
    const rowBytes = rowBytesOf(shape)
    const made = stage.reduce === undefined ? (y1 - y0) * rowBytes : stage.reduce.size * 4
    // Where row 0 would be must not be 0, which means that nothing is written.
    if (end === y0 * rowBytes) reserve(0)
    const sink = reserve(made)
    if (stage.reduce !== undefined) write(sink, new ArrayBuffer(made))

    const place = ({ phase, plan }: Form): Records => {
      const records = encode(phase, end, {
        slot: (kernel) => this.#slots.get(kernel) ?? 0,
        image: (node) => (node === phase.sink ? (stage.reduce === undefined ? (sink - y0 * rowBytes) | 0 : 0) : (addresses.get(imageIndex(plan, node)) as number)),
        reduced: (node) => this.#images[imageIndex(plan, node)] as Uint8Array,
        counts: () => sink,
      })
      write(reserve(records.bytes.length), records.bytes.slice().buffer as ArrayBuffer)
      return records
    }
    const general = place(forms.general)
    const opaque = forms.opaque === undefined ? undefined : place(forms.opaque)
    const job = reserve(JOB_WORDS * 4)
    write(job, jobWords(general, opaque, readsWhole(forms.general.phase), ALONE).buffer)
    const scratch = reserve(Math.max(general.scratchBytes, opaque?.scratchBytes ?? 0))
    return { memoryBytes: end, writes, run: [job, y0, y1, scratch], read: { address: sink, length: made } }
  }

  /** The rows of the images, by their index, that either form of a phase reads. */
  #rowsRead({ general, opaque }: PhaseForms, y0: number, y1: number): ReadonlyMap<number, { rows: Rows; shape: Shape }> {
    const read = new Map<number, { rows: Rows; shape: Shape }>()
    for (const { phase, plan } of opaque === undefined ? [general] : [general, opaque]) {
      for (const [node, { from, to }] of rowsRead(phase, y0, y1)) {
        const index = imageIndex(plan, node)
        const known = read.get(index)?.rows ?? { from, to }
        read.set(index, { rows: { from: Math.min(from, known.from), to: Math.max(to, known.to) }, shape: (plan.nodes[node] as Form['plan']['nodes'][number]).shape })
      }
    }
    return read
  }
}

const bytesOfImage = ({ data }: Image): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.length)

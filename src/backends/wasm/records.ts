import { BORDERS, mapIndex } from '../../border.js'
import { widenFill } from '../../filters/maths.js'
import { isReduced } from '../../plan.js'
import { COUNTS, type Fill, type Shape, type Slot, type Stage, bytesOf } from '../../stage.js'
import type { Phase, PhaseStage } from './phases.js'
import { roundUp, strideOf } from './stride.js'

/** The fields of `Stage` in assembly/lib/stage.ts, one 4-byte slot each, in order. A test holds the two equal. */
export const STAGE_FIELDS = [
  'kernel', 'finish', 'input', 'join',
  'width', 'height', 'channels', 'bytes',
  'taps', 'offset', 'starts', 'border', 'outside', 'inputBytes', 'inputWidth', 'inputStride',
  'padLeft', 'padRight', 'padBorder', 'padFill',
  'params',
  'base', 'stride', 'ringRows', 'state', 'rows', 'spare', 'next', 'until',
] as const
type Field = (typeof STAGE_FIELDS)[number]

/** `SLACK` of assembly/lib/stage.ts: how far kernels may read and write past a row. A test holds the two equal. */
export const SLACK_BYTES = 64
const RECORD_BYTES = STAGE_FIELDS.length * 4
/** What assembly/lib/pinned.ts has of a worker's own, behind the records. */
const PINNED_BYTES = 16

/** Where things are that the records only name. */
export interface Places {
  /** The table slot of a kernel, or 0 for a name that is none. */
  readonly slot: (kernel: string) => number
  /** Address of the image that a node of the plan is; 0 for a reduction, which makes no pixels. */
  readonly image: (node: number) => number
  /** The table that a reduction made. */
  readonly reduced: (node: number) => Uint8Array
  /** Address of the counters of a reduction. */
  readonly counts: (node: number) => number
}

/** Everything that a phase's stages need in memory, as bytes to place at the address they were encoded for. */
export interface Records {
  readonly bytes: Uint8Array
  /** Address of the first record. */
  readonly address: number
  readonly count: number
  /** What a worker needs of its own. */
  readonly scratchBytes: number
}

/** The fields of `Job` in assembly/stream.ts, one 4-byte slot each. */
export const JOB_WORDS = 6

/**
 * @param opaque The same phase for strips whose input is opaque, where there is one.
 * @param readsWhole Every strip reads all of its input.
 * @param rowsPerStrip Tells which strip a row is in, for what strips keep apart.
 */
export const jobWords = (general: Records, opaque: Records | undefined, readsWhole: boolean, rowsPerStrip: number): Int32Array<ArrayBuffer> =>
  Int32Array.of(general.address, general.count, opaque?.address ?? 0, opaque?.count ?? 0, readsWhole ? 1 : 0, rowsPerStrip)

/** Encodes a phase for the row loop, for a block of memory that starts at `base`. */
export function encode(phase: Phase, base: number, places: Places): Records {
  const { stages } = phase
  const blob = new Blob(base)
  const address = blob.reserve(stages.length * RECORD_BYTES)
  const local = new Scratch(stages.length * RECORD_BYTES + PINNED_BYTES)
  const rings = ringRows(stages)
  const records = stages.map(({ stage, input, join, shape, node }, index): Partial<Record<Field, number>> => {
    const { width, height, channels, format } = shape
    const bytes = bytesOf(format)
    const rowBytes = width * channels * bytes
    const isImage = input < 0
    const isSink = index === stages.length - 1
    const common = { join, width, height, channels, bytes, input: Math.max(input, 0) }
    if (isImage) return { ...common, base: places.image(node), stride: rowBytes, ringRows: height }

    const before = stages[input] as PhaseStage
    const { taps = 1, offset = 0, starts } = stage.rows ?? {}
    const pad = padOf(stages, index)
    const padBytes = roundUp(pad.left * channels * bytes, 16)
    const inRowBytes = padBytes + rowBytes + pad.right * channels * bytes + 2 * SLACK_BYTES
    const stride = strideOf(inRowBytes)
    const row = SLACK_BYTES + padBytes
    const spare = local.reserve(inRowBytes) + row
    const fill = fillPixel(stage.fill, before.shape)
    return {
      ...common,
      kernel: places.slot(stage.kernel),
      finish: places.slot(`${stage.kernel}_finish`),
      taps,
      offset,
      starts: starts === undefined ? 0 : blob.place(starts),
      border: BORDERS.indexOf(stage.border ?? 'replicate'),
      outside: stage.border === 'constant' && taps > 0 ? outsideRow(blob, fill, before.shape, padOf(stages, input)) : 0,
      inputBytes: bytesOf(before.shape.format),
      inputWidth: before.shape.width,
      inputStride: stage.wholeInput ? before.shape.width * before.shape.channels * bytesOf(before.shape.format) : 0,
      padLeft: pad.left,
      padRight: pad.right,
      padBorder: BORDERS.indexOf(pad.border),
      padFill: pad.border === 'constant' ? blob.place(fillPixel(pad.fill, shape)) : 0,
      params: blob.place(Int32Array.from(Object.values(stage.params ?? {}), (slot) => slotValue(slot, node, blob, places))),
      base: isSink ? places.image(phase.sink) : local.reserve((rings[index] as number) * stride) + row,
      stride: isSink ? rowBytes : stride,
      ringRows: isSink ? height : (rings[index] as number),
      state: stage.stateBytes === undefined ? 0 : local.reserve(stage.stateBytes),
      rows: local.reserve((taps + 1) * 4),
      spare,
    }
  })
  const words = Int32Array.from(records.flatMap((record) => STAGE_FIELDS.map((field) => record[field] ?? 0)))
  blob.write(address, words)
  return { bytes: blob.bytes(), address, count: stages.length, scratchBytes: local.size }
}

function slotValue(slot: Slot, node: number, blob: Blob, places: Places): number {
  if (typeof slot === 'number') return slot
  if (slot === COUNTS) return places.counts(node)
  return blob.place(isReduced(slot) ? places.reduced(slot.reduction) : slot)
}

/** What the consumers of a stage want to find left and right of its rows. */
function padOf(stages: readonly PhaseStage[], index: number) {
  const wide = stages.filter(({ stage, input }) => input === index && stage.columns !== undefined && !stage.ownEdges).map(({ stage }) => stage)
  return {
    left: Math.max(0, ...wide.map(({ columns }) => columns?.left ?? 0)),
    right: Math.max(0, ...wide.map(({ columns }) => columns?.right ?? 0)),
    border: wide[0]?.border ?? 'replicate',
    fill: wide[0]?.fill,
  }
}

/** One pixel of the border's colour, in the format of the rows it stands beside. */
function fillPixel(fill: Fill = [0, 0, 0, 0], { channels, format }: Shape): Uint8Array | Int16Array | Int32Array {
  if (format === 'i16') return Int16Array.from(widenFill(fill, channels))
  const levels = fill.slice(0, channels)
  return format === 'u8' ? Uint8Array.from(levels) : Int32Array.from(levels)
}

/** The row above and below an image whose border is constant; returns the address of its first pixel. */
function outsideRow(blob: Blob, pixel: Uint8Array | Int16Array | Int32Array, shape: Shape, pad: { left: number; right: number }): number {
  const left = roundUp(pad.left * pixel.byteLength, 16) + SLACK_BYTES
  const right = pad.right * pixel.byteLength + SLACK_BYTES
  const bytes = new Uint8Array(left + shape.width * pixel.byteLength + right)
  const one = new Uint8Array(pixel.buffer)
  // Padding is a whole number of pixels and 16 and 64 are multiples of a pixel's size.
  for (let i = 0; i < bytes.length; i++) bytes[i] = one[i % one.length] as number
  return blob.place(bytes) + left
}

/**
 * How many rows each stage keeps. When the phase makes row y of its sink, a stage is at row y + `ahead` and rows
 * from y + `behind` on are still to be read. Where a consumer has a list of starts, rows are not in step, and what
 * it looks back counts alone.
 */
function ringRows(stages: readonly PhaseStage[]): number[] {
  const ahead = new Array<number>(stages.length).fill(0)
  const rings = new Array<number>(stages.length).fill(1)
  for (let index = stages.length - 2; index >= 0; index--) {
    let most = Number.NEGATIVE_INFINITY
    let least = Number.POSITIVE_INFINITY
    stages.forEach(({ stage, input, join }, consumer) => {
      const { taps = 1, offset = 0, starts } = stage.rows ?? {}
      const own = ahead[consumer] as number
      if (input === index) {
        most = Math.max(most, starts === undefined ? own + offset + taps - 1 : rowsKept(stage, (stages[index] as PhaseStage).shape.height) - 1)
        least = Math.min(least, starts === undefined ? own + offset : 0)
      }
      if (join === index) {
        most = Math.max(most, own)
        least = Math.min(least, own)
      }
    })
    if (most < least) continue
    ahead[index] = most
    rings[index] = Math.min(most - least + 1, (stages[index] as PhaseStage).shape.height)
  }
  return rings
}

/**
 * How many rows a stage with a list of starts reads at once: from the oldest that a row needs to the newest that any
 * row so far did. A reflected border asks for rows further down first.
 */
function rowsKept({ rows, border = 'replicate' }: Stage, height: number): number {
  const { taps, starts = [] } = rows as NonNullable<Stage['rows']>
  let newest = 0
  let kept = 1
  for (const start of starts) {
    let oldest = Number.POSITIVE_INFINITY
    const see = (row: number): void => {
      const mapped = mapIndex(row, height, border)
      if (mapped < 0) return
      newest = Math.max(newest, mapped)
      oldest = Math.min(oldest, mapped)
    }
    if (start >= 0 && start + taps <= height) {
      see(start + taps - 1)
      see(start)
    } else {
      for (let k = 0; k < taps; k++) see(start + k)
    }
    kept = Math.max(kept, newest - oldest + 1)
  }
  return kept
}

/** Memory of a worker's own, as offsets into it. */
class Scratch {
  size: number

  constructor(bytes: number) {
    this.size = roundUp(bytes, 64)
  }

  reserve(bytes: number): number {
    const at = this.size
    this.size = roundUp(at + bytes, 64)
    return at
  }
}

/** Bytes that are laid out for a known address. */
class Blob {
  readonly base: number
  readonly #parts: { at: number; bytes: Uint8Array }[] = []
  #size = 0

  constructor(base: number) {
    this.base = base
  }

  reserve(bytes: number): number {
    const at = this.#size
    this.#size = roundUp(at + bytes + SLACK_BYTES, 16)
    return this.base + at
  }

  place(data: Uint8Array | Int16Array | Int32Array): number {
    const address = this.reserve(data.byteLength)
    this.write(address, data)
    return address
  }

  write(address: number, data: Uint8Array | Int16Array | Int32Array): void {
    this.#parts.push({ at: address - this.base, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) })
  }

  bytes(): Uint8Array {
    const all = new Uint8Array(this.#size)
    for (const { at, bytes } of this.#parts) all.set(bytes, at)
    return all
  }
}

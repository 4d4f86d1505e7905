import type { Border } from './border.js'

/**
 * How a channel is held between stages: `u8`; `i16` with 6 fractional bits (255 is 16320), in which pixels with
 * four channels are premultiplied; or `i32`, whole numbers that mean what the two stages of one filter agree on.
 */
export type Format = 'u8' | 'i16' | 'i32'

export interface Shape {
  readonly width: number
  readonly height: number
  /** Filters see 1 or 4; only the source and the result of a plan may have 3. */
  readonly channels: 1 | 3 | 4
  readonly format: Format
}

export type Table = Uint8Array | Int16Array | Int32Array

/** A table that is computed from the image while the plan runs: by the reduction at this index. */
export interface Reduced {
  readonly reduction: number
}

/** Memory that a reduction counts in: the backend supplies it. */
export const COUNTS = Symbol('counts')

/**
 * One parameter slot. A kernel sees a number as i32, and a table as its place: an address in wasm, an index
 * into `data` in WGSL.
 */
export type Slot = number | Table | Reduced | typeof COUNTS

/** r, g, b, a, in 0..255 wherever a person gives them; images with one channel use the first. */
export type Fill = readonly [number, number, number, number]

export interface Reduction {
  /** u32 counters to hold. */
  readonly size: number
  /** From the counters of all pixels to the table that a later stage reads. */
  readonly table: (counts: Uint32Array) => Uint8Array
  /** Entries of that table. */
  readonly tableSize: number
  /** The WGSL function that does the same on the GPU, and its parameters: its third binding, where there are any. */
  readonly shader: string
  readonly params: readonly number[]
}

/**
 * One operation of a plan: plain data that every backend can run. Row y of the result needs the rows
 * `y + offset` to `y + offset + taps - 1` of the input, or `taps` rows from `starts[y]`.
 */
export interface Stage {
  /** The name of the row kernel in assembly/ and of the function in shaders/. */
  readonly kernel: string
  /** `point`: needs the same pixel only. `window`: other pixels too. `reduce`: makes counts, not pixels. */
  readonly kind: 'point' | 'window' | 'reduce'
  /** Index of the stage of the same filter to read; -1 is the filter's input. Default: the one before. */
  readonly input?: number
  /** A second stage that is read at the same pixel. */
  readonly join?: number
  /** What of the result's shape differs from the input's. */
  readonly shape?: Partial<Shape>
  readonly rows?: { readonly taps: number; readonly offset?: number; readonly starts?: Int32Array }
  /** Pixels read beyond the left and right end of an input row. */
  readonly columns?: { readonly left: number; readonly right: number }
  /** The wasm kernel finds those pixels itself and takes rows as they are (assembly/lib/patch.ts). */
  readonly ownEdges?: boolean
  readonly border?: Border
  /** Outside a constant border; in the numbers of the input where that is `i32`. */
  readonly fill?: Fill
  readonly params?: Readonly<Record<string, Slot>>
  /** The stage is a table of 256 entries a channel, this one: adjacent ones are composed (src/plan.ts). */
  readonly table?: Uint8Array | undefined
  /** Bytes that the wasm kernel keeps from row to row of a strip; the first word is 0 at its first row. */
  readonly stateBytes?: number
  /** The WGSL function keeps what it learnt for the place above, or to the left: a GPU thread should make several in turn. */
  readonly sweep?: 'down' | 'across' | undefined
  /** What a GPU does instead: stages one after the other that come to the same. Their shapes are the last one's unless they say so. */
  readonly gpu?: readonly Stage[] | undefined
  /** Rows are not read in ascending order, so that the input has to be an image in memory. */
  readonly randomRows?: boolean
  /**
   * A row may need any part of the input, which has to be an image in memory. `rows` is absent: the wasm kernel gets
   * the address of the input's first row, and the others follow at `inputStride`.
   */
  readonly wholeInput?: boolean
  /** The result has to be complete before it is read (it is small, or costly to compute twice). */
  readonly complete?: boolean
  readonly reduce?: Reduction
  /**
   * What a pixel of four channels costs wasm: 1 is some 1.5 ns on one thread, and a table that follows no line takes half of
   * that. `npm run bench:work` measures it.
   */
  readonly work: number
}

/** The work of a stage; `shape` is what it makes. */
export const costOf = ({ work, shape: made }: Stage, { width, height, channels }: Shape): number =>
  // From four channels to one, four are read.
  work * width * height * (channels === 1 && made?.channels === undefined ? 0.25 : 1)

const BYTES = { u8: 1, i16: 2, i32: 4 } as const

export const bytesOf = (format: Format): 1 | 2 | 4 => BYTES[format]

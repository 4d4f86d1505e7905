/** A table as text. */
export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  /** Numbers stand to the right. */
  readonly rows: readonly (readonly (string | number)[])[]
  /** What a reader has to know about single rows. */
  readonly notes?: readonly string[]
}

interface Axis {
  readonly label: string
  /** Only whole numbers are marked. */
  readonly whole?: boolean
  /** Equal factors are equally far apart. */
  readonly log?: boolean
}

interface Common {
  readonly title: string
  /** What the values are. */
  readonly values: Axis
  /** A value to compare with, drawn as a line. */
  readonly mark?: { readonly value: number; readonly label: string }
  /** The order of the colours, where it is not that of the points. */
  readonly series?: readonly string[]
}

/** `bars`: one for each name. `dots`: as many for each name as there are series. */
export interface NamesChart extends Common {
  readonly kind: 'bars' | 'dots'
  /** Where bars begin; at the mark unless this says otherwise. */
  readonly from?: number
  readonly points: readonly (Point & { readonly at: string })[]
}

/** One for each series, along something. */
export interface LinesChart extends Common {
  readonly kind: 'lines'
  readonly along: Axis
  readonly points: readonly (Point & { readonly at: number })[]
}

/** Named points in a plane of two factors, beneath a roof: what the machine can do at most where so much is done for each byte. */
export interface RoofChart extends Common {
  readonly kind: 'roof'
  readonly along: Axis
  readonly points: readonly (Point & { readonly name: string; readonly at: number })[]
  readonly roof: { readonly slope: number; readonly top: number }
}

export type Chart = NamesChart | LinesChart | RoofChart

interface Point {
  readonly series: string
  readonly value: number
  /** Quartiles. */
  readonly low?: number
  readonly high?: number
}

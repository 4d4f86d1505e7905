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

/** Bars: one for each name and series. Lines: one for each series. */
export interface Chart {
  readonly kind: 'bars' | 'lines'
  readonly title: string
  /** What the values are. */
  readonly values: Axis
  /** What they depend on, where it is a number. */
  readonly along?: Axis
  readonly points: readonly Point[]
  /** A value to compare with, drawn as a line across. */
  readonly mark?: { readonly value: number; readonly label: string }
}

interface Point {
  readonly series: string
  /** A number for lines, a name for bars. */
  readonly at: number | string
  readonly value: number
  /** Quartiles. */
  readonly low?: number
  readonly high?: number
}

import type { Chart, Table } from './report/chart.js'

/** A part of the benchmark: measures, and says how what it found is shown. One file each in sections/, and its line in index.ts. */
export interface Section<Data = unknown> {
  readonly name: string
  readonly title: string
  /** How to read it: a sentence or two, for the report. */
  readonly about: string
  /** Measures, and resolves to what JSON can hold. */
  measure(setting: Setting): Promise<Data>
  /** For the terminal and the report; ratios come first. */
  tables(data: Data): readonly Table[]
  /** For the report. */
  charts(data: Data): readonly Chart[]
}

/** What was asked for on the command line. */
export interface Setting {
  readonly width: number
  readonly height: number
  /** Names of filters; undefined is all. */
  readonly filters: readonly string[] | undefined
  /** Chains of steps: besides the filters where all of those are wanted, or alone. */
  readonly chains: boolean
  /** Names of backends, as in contenders/index.ts. */
  readonly backends: readonly string[]
  /** Names of peers, as in peers/index.ts. */
  readonly peers: readonly string[]
  /** The most threads. */
  readonly threads: number
  /** Rounds of each timing, and about how long all of them may take; the first of both to be reached ends it. */
  readonly rounds: number
  readonly milliseconds: number
  /** Everything once on small images, to see that it runs. */
  readonly smoke: boolean
  /** Says what goes on, to whoever waits. */
  readonly log: (line: string) => void
}

// docs/runtimes.md: where the bytes were the same, by the last run of the tests that left their results behind.

/** Where tests/runtimes leaves the results of each runtime, from the root. */
export const RESULTS = 'build/runtimes'

/** One rung of a runtime. */
export interface Row {
  readonly place: 'process' | 'window' | 'worker'
  readonly rung: 'reference' | 'shared' | 'transfer' | 'inline' | 'webgpu'
  readonly adapter?: string
  readonly cases: number
  readonly identical: number
}

export interface RuntimeResults {
  readonly name: string
  readonly version: string
  readonly rows: readonly Row[]
}

// docs/runtimes.md: in which runtimes the bytes were the same, by the last run of the tests there.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where tests/runtimes leaves the results of each runtime. */
export const RESULTS = 'build/runtimes'

/** What ran in a runtime, and how much of it had the right bytes. */
export interface Row {
  readonly place: 'process' | 'window' | 'worker'
  readonly rung: keyof typeof RUNGS
  readonly adapter?: string
  readonly cases: number
  readonly identical: number
}

export interface RuntimeResults {
  /** Its name and version. */
  readonly runtime: string
  readonly rows: readonly Row[]
}

const RUNGS = {
  reference: 'reference, plain TypeScript',
  shared: 'wasm, shared memory',
  transfer: 'wasm, transfer',
  inline: 'wasm, inline',
  webgpu: 'WebGPU',
} as const

/** The results that were left behind, in the order of their files. */
export function lastResults(folder = RESULTS): RuntimeResults[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).sort().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as RuntimeResults)
}

export function runtimesPage(results: readonly RuntimeResults[]): string {
  const rows = results.flatMap(({ runtime, rows }) =>
    rows.map(({ place, rung, adapter, cases, identical }) => {
      const what = `${RUNGS[rung]}${adapter === undefined ? '' : ` on ${adapter}`}`
      return `| ${runtime} | ${place} | ${what} | ${identical === cases ? `all ${cases}` : `**${identical} of ${cases}**`} |`
    }),
  )
  const sum = (count: (row: Row) => number): number => results.flatMap(({ rows }) => rows).reduce((total, row) => total + count(row), 0)
  return [
    '# Runtimes',
    'Made by `npm run docs` from what `npm test -- tests/runtimes` left behind.',
    'Inside each runtime the same cases are run: every filter at its defaults and cases, and for all rows but those of the slowest GPUs also on images of ' +
      'one pixel, ragged, tall and wide ones, with every border, and in random chains. A case counts as identical where every byte of the result is that of ' +
      "the reference in Node. [ARCHITECTURE.md](../ARCHITECTURE.md) says what shared memory, transfer and inline are. Firefox does not name " +
      'its adapter. WebKitGTK shares memory where it is told to by `JSC_useSharedArrayBuffer=1`; elsewhere it takes transfer.',
    ['| runtime | in a | what runs | identical |', '|---|---|---|---|', ...rows].join('\n'),
    `${sum(({ identical }) => identical)} of ${sum(({ cases }) => cases)} results are identical.`,
  ].join('\n\n')
}

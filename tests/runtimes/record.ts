// What came of the laws in a runtime: checked, and left behind for `npm run docs`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { root } from '../../scripts/setup.mjs'
import { RESULTS, type Row, type RuntimeResults } from '../../scripts/docs/runtimes.js'
import type { Report } from './laws.js'

/** Where in a runtime the work was asked for. */
export type Place = Row['place']

/** A runtime's results, which are written to a file once all of its tests were run. */
export class Recorder {
  readonly #rows: Row[] = []

  /**
   * @param file What the file is called.
   * @param tests How many rungs there are to check.
   */
  constructor(file: string, tests: number, runtime: () => string) {
    afterAll(() => {
      if (this.#rows.length < tests) return
      mkdirSync(join(root, RESULTS), { recursive: true })
      const results: RuntimeResults = { runtime: runtime(), rows: this.#rows }
      writeFileSync(join(root, RESULTS, `${file}.json`), `${JSON.stringify(results, null, 2)}\n`)
    })
  }

  /** Every case of a rung has to have the right bytes. */
  check(place: Place, { rung, adapter, cases, identical, wrong, seconds }: Report): void {
    this.#rows.push({ place, rung, ...(adapter === undefined ? {} : { adapter }), cases, identical })
    console.log(`${place}, ${rung}${adapter === undefined ? '' : ` on ${adapter}`}: ${identical} of ${cases} identical, ${seconds.toFixed(1)} s`)
    expect(wrong).toEqual([])
    expect(cases).toBeGreaterThan(100)
    expect(identical).toBe(cases)
  }
}

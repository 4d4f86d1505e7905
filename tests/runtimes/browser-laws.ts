// The laws inside a browser: in pages that may share memory and in those that may not, and in workers of both.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { type OpenOptions, type Page, openPage } from '../browsers/page.js'
import { type BrowserName, missing } from '../helpers/browser.js'
import { EVERYTHING, makeCases } from './cases.js'
import type { Group, Rung } from './laws.js'
import type * as functions from './laws.page.js'
import { type Place, Recorder } from './record.js'

export const LAWS_PAGE: OpenOptions = { module: join(import.meta.dirname, 'laws.page.ts') }

interface Test {
  readonly isolated: boolean
  readonly place: Place & keyof Page<unknown>
  readonly rung: Rung
  readonly groups: readonly Group[]
}

/** Wasm has to find out by itself whether memory may be shared. */
const WASM: readonly Test[] = (['window', 'worker'] as const).flatMap((place) => [
  { isolated: true, place, rung: 'shared', groups: EVERYTHING },
  { isolated: false, place, rung: 'transfer', groups: EVERYTHING },
  { isolated: true, place, rung: 'inline', groups: EVERYTHING },
])

/** @param webgpu The groups of cases for WebGPU, where the browser has it. */
export function testBrowser(browser: BrowserName, webgpu: readonly Group[]): void {
  const reason = missing(browser)
  const tests: readonly Test[] = [
    { isolated: true, place: 'window', rung: 'reference', groups: EVERYTHING },
    ...WASM,
    ...(webgpu.length === 0 ? [] : (['window', 'worker'] as const).map((place): Test => ({ isolated: true, place, rung: 'webgpu', groups: webgpu }))),
  ]

  describe.skipIf(reason !== undefined)(`in ${browser}${reason === undefined ? '' : ` (left out: ${reason})`}`, () => {
    let isolated: Page<typeof functions>
    let plain: Page<typeof functions>
    const recorder = new Recorder(browser, tests.length, () => isolated.version)

    beforeAll(async () => {
      const files = new Map([['cases.json', JSON.stringify(await makeCases())]])
      isolated = await openPage(browser, { ...LAWS_PAGE, files, isolated: true })
      plain = await openPage(browser, { ...LAWS_PAGE, files })
    })
    afterAll(async () => {
      await isolated?.close()
      await plain?.close()
    })

    for (const { isolated: shares, place, rung, groups } of tests) {
      test(`${rung} in a ${place} gives the bytes of the reference`, async () => {
        recorder.check(place, await (shares ? isolated : plain)[place].run(rung, groups))
      })
    }
  })
}

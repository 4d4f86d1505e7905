// What breaks in browsers: devices, workers, memory, and pages that come and go. No call fails, and every byte is right.
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { workerSource } from '../../src/generated/worker-browser.js'
import { missing } from '../helpers/browser.js'
import type * as functions from './faults.page.js'
import { BROWSERS, type OpenOptions, type Page, openPage } from './page.js'

const MODULE = join(import.meta.dirname, 'faults.page.ts')

/** Workers that die where memory is shared: in the middle of their first strip. */
const DIES_IN_STRIP = `
  const { Instance } = WebAssembly
  WebAssembly.Instance = function (...args) {
    const { run, ...rest } = new Instance(...args).exports
    return { exports: { ...rest, run(job, y0, y1, scratch) {
      run(job, y0, (y0 + y1 + 1) >> 1, scratch)
      throw new Error('it dies')
    } } }
  }`
/** Workers that die where it is not: instead of their second answer. Where even the first does not come, no workers are tried again. */
const DIES_UNANSWERED = `
  const { postMessage } = globalThis
  globalThis.postMessage = (...answer) => {
    globalThis.postMessage = () => setTimeout(() => { throw new Error('it dies') })
    postMessage(...answer)
  }`
const files = new Map([
  ['dies-in-strip.js', `${DIES_IN_STRIP}\n${workerSource}`],
  ['dies-unanswered.js', `${DIES_UNANSWERED}\n${workerSource}`],
])

let page: Page<typeof functions> | undefined
afterEach(() => page?.close())

async function visit(browser: (typeof BROWSERS)[number], options: Partial<OpenOptions> = {}): Promise<Page<typeof functions>> {
  page = await openPage<typeof functions>(browser, { module: MODULE, files, ...options })
  return page
}

describe.each(BROWSERS)('in %s', (browser) => {
  const those = test.skipIf(missing(browser) !== undefined)

  those('a device that is destroyed in mid-call, or between calls, is followed by another', async () => {
    const { window } = await visit(browser)
    await window.watchDevices(3)
    await window.open()
    expect(await window.run('webgpu')).toMatchObject({ backend: 'webgpu', reason: 'asked for', wrong: null })
    expect(await window.destroyInMidCall()).toMatchObject({ backend: 'webgpu', reason: expect.stringMatching(/lost.*done again on a new device$/), wrong: null })
    expect(await window.loseBetweenCalls()).toBe(2)
    expect(await window.run('webgpu')).toMatchObject({ backend: 'webgpu', reason: 'asked for', wrong: null })
    expect(await window.loseBetweenCalls()).toBe(3)
  })

  those('where there is no other device, wasm finishes the call', async () => {
    const { window } = await visit(browser)
    await window.watchDevices(1)
    await window.open()
    expect(await window.run('webgpu')).toMatchObject({ backend: 'webgpu', wrong: null })
    expect(await window.destroyInMidCall()).toMatchObject({ backend: 'wasm', reason: expect.stringMatching(/^webgpu failed .*lost/), wrong: null })
    expect(await window.failure('webgpu')).toMatchObject({ code: 'ERR_UNSUPPORTED' })
    expect(await window.run('auto')).toMatchObject({ backend: 'wasm', wrong: null })
  })

  those.each([
    ['shared', 'dies-in-strip.js'],
    ['transfer', 'dies-unanswered.js'],
  ] as const)('workers that die in mid-call are replaced: %s', async (threading, script) => {
    const { window } = await visit(browser, { isolated: threading === 'shared' })
    await window.open()
    expect(await window.run('wasm')).toMatchObject({ threading, wrong: null })
    await window.open()
    await window.replaceWorkers(2, `/${script}`)
    expect(await window.run('wasm')).toMatchObject({ threading, wrong: null })
    expect(await window.workers()).toBe(2)
    expect(await window.run('wasm')).toMatchObject({ threading, wrong: null })
  })
})

describe('in Chromium', () => {
  const those = test.skipIf(missing('chromium') !== undefined)

  those('where shared memory is refused, rows are sent', async () => {
    const { window } = await visit('chromium', { isolated: true })
    await window.refuseMemory({ shared: true })
    await window.open()
    expect(await window.run('wasm')).toMatchObject({ threading: 'transfer', wrong: null })
    expect(await window.capabilities()).toMatchObject({ wasm: { threading: { name: 'transfer', why: expect.stringContaining('no memory is shared here') } } })
  })

  those('where a large memory is refused, half of it is asked for, as often as needed', async () => {
    const { window } = await visit('chromium', { isolated: true })
    await window.refuseMemory({ pages: 1024 })
    await window.open()
    expect(await window.run('wasm')).toMatchObject({ threading: 'shared', wrong: null })
    await window.refuseMemory({ pages: 300 })
    await window.open({ gpu: false })
    expect(await window.run('wasm')).toMatchObject({ threading: 'shared', wrong: null })
  })

  those('a page that is hidden and frozen in mid-call goes on when it is shown', async () => {
    const { window, tab } = await visit('chromium', { isolated: true })
    await window.open()
    const session = await tab.createCDPSession()
    await window.startLoop()
    const other = await tab.browser().newPage()
    await other.bringToFront()
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    await new Promise((resolve) => setTimeout(resolve, 500))
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    await tab.bringToFront()
    const calls = await window.stopLoop()
    expect(calls.length).toBeGreaterThan(0)
    for (const said of calls) expect(said).toMatchObject({ threading: 'shared', wrong: null })
    expect(await window.happened()).toEqual(expect.arrayContaining(['freeze', 'resume']))
  })

  those.each(['shared', 'transfer'] as const)('a page that comes back works as before: %s', async (threading) => {
    const { window, tab, elsewhere } = await visit('chromium', { isolated: threading === 'shared' })
    await window.open()
    for (let time = 0; time < 3; time++) {
      expect(await window.run('wasm')).toMatchObject({ threading, wrong: null })
      await tab.goto('about:blank')
      await tab.goBack()
      expect(await window.happened()).toEqual(expect.arrayContaining(['pagehide, kept', 'pageshow, kept']))
    }
    // In mid-call.
    await window.startLoop()
    await tab.goto(elsewhere)
    await tab.goBack()
    const calls = await window.stopLoop()
    expect(await window.happened()).toContain('pageshow, kept')
    expect(calls.length).toBeGreaterThan(0)
    for (const said of calls) expect(said).toMatchObject({ threading, wrong: null })
    expect(await window.workers()).toBe(2)
  })

  those.each(['shared', 'transfer'] as const)('workers end with their page: %s', async (threading) => {
    const { window, tab } = await visit('chromium', { isolated: threading === 'shared' })
    await window.open()
    expect(await window.run('wasm')).toMatchObject({ threading, wrong: null })
    expect(tab.workers()).toHaveLength(2)
    await window.leave()
    expect(await window.workers()).toBe(0)
    // Chromium gives a worker that sleeps two seconds to wake up.
    await vi.waitFor(() => expect(tab.workers()).toHaveLength(0), 20_000)
    // Should it be there after all, it works.
    expect(await window.run('wasm')).toMatchObject({ threading, wrong: null })
    expect(await window.workers()).toBe(2)
  })
})

test.skipIf(missing('firefox') !== undefined).each([
  ['without WebGPU', {}, /no WebGPU/],
  ['with an adapter that is blocked', { 'dom.webgpu.enabled': true }, /no graphics adapter/],
] as const)('Firefox %s falls back to wasm, and says why', async (_, preferences, reason) => {
  const { window } = await visit('firefox', { preferences })
  await window.open()
  expect(await window.capabilities()).toMatchObject({ webgpu: { available: false, reason: expect.stringMatching(reason) } })
  expect(await window.run('auto')).toMatchObject({ backend: 'wasm', reason: expect.stringMatching(reason), wrong: null })
  expect(await window.failure('webgpu')).toMatchObject({ code: 'ERR_UNSUPPORTED', message: expect.stringMatching(reason) })
})

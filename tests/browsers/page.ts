// A page of a real browser, with functions of ours inside.
import { readFileSync, readdirSync } from 'node:fs'
import type * as puppeteer from 'puppeteer'
import { type BrowserName, FIREFOX_WEBGPU, launchChromium, launchFirefox } from '../helpers/browser.js'
import { bundle } from '../helpers/bundle.js'
import { ISOLATION, serve } from '../helpers/static-server.js'
import { launchWebkit } from '../helpers/webkit.js'

/** Those with WebGPU, and with everything that a page may filter. */
export const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox']

/** Functions that are called from outside the page: arguments and results travel as JSON. */
type Functions<Module> = { [Name in keyof Module]: Module[Name] extends (...args: infer Args) => infer Result ? (...args: Args) => Promise<Awaited<Result>> : never }

export interface OpenOptions {
  /** A module of TypeScript whose functions run in the page. */
  readonly module: string
  /** What the page can fetch, by path. */
  readonly files?: ReadonlyMap<string, Uint8Array | string>
  /** Of Chromium. */
  readonly flags?: readonly string[]
  /** Of Firefox. */
  readonly preferences?: Readonly<Record<string, unknown>>
  /** Whether the page may share memory with its workers. */
  readonly isolated?: boolean
}

export interface Page<Module> {
  /** The module's functions, in the page. */
  readonly window: Functions<Module>
  /** The module's functions, in a dedicated worker of the page. */
  readonly worker: Functions<Module>
  /** The browser's name and version. */
  readonly version: string
  /** The same server under another origin. */
  readonly elsewhere: string
  /** What the page said on its console; nothing in WebKit. */
  readonly said: readonly string[]
  /** The page as puppeteer has it. Not in WebKit. */
  readonly tab: puppeteer.Page
  /** What the page's objects and buffers take once the garbage is gone. Chromium only. */
  heapBytes(): Promise<number>
  /** What the browser takes of this machine's memory, with all of its processes. Linux only. */
  residentBytes(): number
  close(): Promise<void>
}

/** Starts a browser and opens a page in it. */
export async function openPage<Module>(browser: BrowserName, { module, files = new Map(), isolated = false, ...options }: OpenOptions): Promise<Page<Module>> {
  const site = new Map<string, Uint8Array | string>([
    ...files,
    ['index.html', '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>isopix</title>'],
    ['page.js', await bundle(callable(module), 'browser')],
  ])
  const server = await serve(site, { 'cross-origin-resource-policy': 'cross-origin', ...(isolated ? ISOLATION : {}) })
  const opened = await (browser === 'webkit' ? openWebkit(server.url, isolated) : openByPuppeteer(browser, server.url, options))
  await opened.evaluate('void (window.module = import("/page.js"))')
  const call = (where: string) =>
    new Proxy({}, {
      get: (_, name: string) => async (...args: readonly unknown[]) => {
        const answer = (await opened.evaluate(`module.then((m) => m.${where}(${JSON.stringify(name)}, ${JSON.stringify(args)}))`)) as Answer
        if ('error' in answer) throw new Error(`in the page: ${answer.error}`)
        return answer.value
      },
    }) as Functions<Module>
  return {
    ...opened,
    window: call('inWindow'),
    worker: call('inWorker'),
    elsewhere: server.url.replace('127.0.0.1', 'localhost'),
    async heapBytes() {
      const session = await opened.tab.createCDPSession()
      await session.send('HeapProfiler.collectGarbage')
      const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
      await session.detach()
      return usedSize + embedderHeapUsedSize + backingStorageSize
    },
    residentBytes: () => residentBytes(opened.pid),
    async close() {
      await opened.close()
      await server.close()
    },
  }
}

type Answer = { readonly value: unknown } | { readonly error: string }

/** A page of a browser of its own, by whatever drives that. */
interface Opened extends Pick<Page<unknown>, 'version' | 'said' | 'tab' | 'close'> {
  readonly pid: number
  evaluate(expression: string): Promise<unknown>
}

async function openByPuppeteer(browser: 'chromium' | 'firefox', url: string, { flags, preferences = FIREFOX_WEBGPU }: Partial<OpenOptions>): Promise<Opened> {
  const started = await (browser === 'firefox' ? launchFirefox(preferences) : launchChromium(flags))
  const tab = await started.newPage()
  const said: string[] = []
  tab.on('console', (message) => said.push(message.text()))
  tab.on('pageerror', (error) => said.push(String(error)))
  await tab.goto(url)
  return {
    version: (await started.version()).replace(/^(?:Headless)?(.)(.*)\//, (_, first: string, rest: string) => `${first.toUpperCase()}${rest} `),
    said,
    tab,
    pid: started.process()?.pid as number,
    evaluate: (expression) => tab.evaluate(expression),
    close: () => started.close(),
  }
}

async function openWebkit(url: string, isolated: boolean): Promise<Opened> {
  const { goto, version, ...webkit } = await launchWebkit(isolated)
  await goto(url)
  return { ...webkit, version: `WebKitGTK ${version}`, said: [], tab: undefined as never }
}

/** A module that exports how the functions of another are called in a window and in a worker. The same file is both. */
const callable = (module: string): string => `
  import * as functions from ${JSON.stringify(module)}
  export const inWindow = (name, args) => Promise.resolve(functions[name](...args)).then((value) => ({ value }), (error) => ({ error: error + ' ' + error?.stack }))
  let worker
  let calls = 0
  export const inWorker = (name, args) => new Promise((resolve) => {
    worker ??= new Worker('/page.js', { type: 'module' })
    const id = calls++
    worker.addEventListener('error', ({ message }) => resolve({ error: message }))
    worker.addEventListener('message', ({ data }) => data.id === id && resolve(data.answer))
    worker.postMessage({ id, name, args })
  })
  if (typeof document === 'undefined') {
    addEventListener('message', async ({ data: { id, name, args } }) => postMessage({ id, answer: await inWindow(name, args) }))
  }`

/** Of a process and all that it started. */
function residentBytes(root: number): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8')
        const field = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0)
        return [{ pid: Number(name), parent: field('PPid'), bytes: field('VmRSS') * 1024 }]
      } catch {
        // It ended meanwhile.
        return []
      }
    })
  const sum = (pid: number): number => processes.filter(({ parent }) => parent === pid).reduce((total, child) => total + sum(child.pid), processes.find((one) => one.pid === pid)?.bytes ?? 0)
  return sum(root)
}

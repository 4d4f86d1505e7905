// A page of a real browser, with functions of ours inside.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { build } from 'esbuild'
import puppeteer from 'puppeteer'

export type BrowserName = 'chromium' | 'firefox'
export const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox']

const PATHS: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: [process.env['PUPPETEER_EXECUTABLE_PATH'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  firefox: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
}

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** Makes Chromium compose its pages by a GPU in software, so that canvases of WebGPU are seen. */
export const COMPOSED = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--use-vulkan=swiftshader',
  '--enable-features=Vulkan,SkiaGraphite',
  '--ignore-gpu-blocklist',
]

const FIREFOX_PREFERENCES = { 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true }

/** Why a browser cannot be tested with, or undefined where it is there. In CI it has to be. */
export function missing(browser: BrowserName): string | undefined {
  if (pathOf(browser) !== undefined) return undefined
  const reason = `${browser} was not found`
  if (process.env['CI']) throw new Error(`${reason}, and CI needs it`)
  console.warn(`not tested: ${reason}`)
  return reason
}

const pathOf = (browser: BrowserName): string | undefined => PATHS[browser].find((path) => existsSync(path))

/** Functions that are called from outside the page: arguments and results travel as JSON. */
type Functions<Module> = { [Name in keyof Module]: Module[Name] extends (...args: infer Args) => infer Result ? (...args: Args) => Promise<Awaited<Result>> : never }

export interface OpenOptions {
  /** A module of TypeScript whose functions run in the page. */
  readonly module: string
  /** What the page can fetch, by path. */
  readonly files?: ReadonlyMap<string, Uint8Array | string>
  readonly flags?: readonly string[]
  /** Whether the page may share memory with its workers. */
  readonly isolated?: boolean
}

export interface Page<Module> {
  /** The module's functions, in the page. */
  readonly window: Functions<Module>
  /** The module's functions, in a dedicated worker of the page. */
  readonly worker: Functions<Module>
  /** The same server under another origin. */
  readonly elsewhere: string
  /** What the page said on its console. */
  readonly said: readonly string[]
  /** Runs another module of JavaScript in the page. */
  script(code: string): Promise<void>
  /** What the page's objects and buffers take once the garbage is gone. Chromium only. */
  heapBytes(): Promise<number>
  /** What the browser takes of this machine's memory, with all of its processes. Linux only. */
  residentBytes(): number
  close(): Promise<void>
}

const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', png: 'image/png', jpg: 'image/jpeg', svg: 'image/svg+xml', html: 'text/html' }
const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

/** Starts a browser and opens a page in it. */
export async function openPage<Module>(browser: BrowserName, { module, files = new Map(), flags = [], isolated = false }: OpenOptions): Promise<Page<Module>> {
  const served = new Map<string, Uint8Array | string>([
    ...files,
    ['', '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>isopix</title>'],
    ['page.js', await bundle(module)],
  ])
  const server = createServer(({ url = '/' }, response) => {
    const name = new URL(url, 'http://127.0.0.1').pathname.slice(1)
    const body = served.get(name)
    const type = TYPES[name.split('.').at(-1) || 'html'] ?? 'application/octet-stream'
    const headers = { 'content-type': type, 'cross-origin-resource-policy': 'cross-origin', ...(isolated ? ISOLATION : {}) }
    response.writeHead(body === undefined ? 404 : 200, headers).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const started = await puppeteer.launch({
    browser: browser === 'firefox' ? 'firefox' : 'chrome',
    executablePath: pathOf(browser) as string,
    args: browser === 'firefox' ? [] : [...CHROMIUM_FLAGS, ...flags],
    extraPrefsFirefox: FIREFOX_PREFERENCES,
    protocolTimeout: 600_000,
  })
  const page = await started.newPage()
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(String(error)))
  await page.goto(`http://127.0.0.1:${port}/`)
  await page.evaluate('window.module = import("/page.js"); undefined')
  const call = (where: string) =>
    new Proxy({}, {
      get: (_, name: string) => async (...args: readonly unknown[]) => {
        const answer = (await page.evaluate(`module.then((m) => m.${where}(${JSON.stringify(name)}, ${JSON.stringify(args)}))`)) as Answer
        if ('error' in answer) throw new Error(`in the page: ${answer.error}`)
        return answer.value
      },
    }) as Functions<Module>
  return {
    window: call('inWindow'),
    worker: call('inWorker'),
    elsewhere: `http://localhost:${port}/`,
    said,
    script: async (content) => void (await page.addScriptTag({ content, type: 'module' })),
    async heapBytes() {
      const session = await page.createCDPSession()
      await session.send('HeapProfiler.collectGarbage')
      const { usedSize, embedderHeapUsedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage')
      await session.detach()
      return usedSize + embedderHeapUsedSize + backingStorageSize
    },
    residentBytes: () => residentBytes(started.process()?.pid as number),
    async close() {
      await started.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Answer = { readonly value: unknown } | { readonly error: string }

/** The module, and how its functions are called in a window and in a worker. The same file is both. */
async function bundle(module: string): Promise<string> {
  const contents = `
    import * as functions from ${JSON.stringify(module)}
    export const inWindow = (name, args) => Promise.resolve(functions[name](...args)).then((value) => ({ value }), (error) => ({ error: error.stack ?? String(error) }))
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
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: dirname(module), loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['isopix-source'],
    target: 'es2022',
  })
  return (outputFiles[0] as { text: string }).text
}

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

// Chromium and the built page, for tests of what a person does.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import puppeteer, { type Browser } from 'puppeteer'
import { build } from 'vite'
import { root } from '../../scripts/setup.mjs'

const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
const ARGS =
  '--no-sandbox --enable-unsafe-webgpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync ' +
  '--use-fake-device-for-media-stream --use-fake-ui-for-media-stream'
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

function chromiumPath(): string | undefined {
  const named = process.env['PUPPETEER_EXECUTABLE_PATH']
  if (named !== undefined) return named
  // Without a browser of its own puppeteer may throw instead of naming one.
  const own = (): string[] => {
    try {
      return [puppeteer.executablePath()]
    } catch {
      return []
    }
  }
  return [...own(), ...USUAL].find(existsSync)
}

/** Why there is no browser to test with, or undefined where there is one. In CI there has to be one. */
export function missingChromium(): string | undefined {
  if (chromiumPath() !== undefined) return undefined
  const why = 'there is no Chromium; install one, or name it in PUPPETEER_EXECUTABLE_PATH'
  if (process.env['CI']) throw new Error(`the playground is not tested, and CI needs that: ${why}`)
  console.warn(`the playground is not tested: ${why}`)
  return why
}

export const launch = (): Promise<Browser> => puppeteer.launch({ executablePath: chromiumPath() as string, args: ARGS.split(' ') })

/** Builds the page as it would be published. */
export async function buildPage(folder: string): Promise<void> {
  await build({ configFile: join(root, 'playground/vite.config.ts'), logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
}

/** Serves a folder under a path of its own, as static hosts do, with the headers that isolate a page or without. */
export async function serve(folder: string, isolated: boolean): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const prefix = '/some/where/'
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url as string, 'http://localhost').pathname
    const file = join(folder, normalize(path.slice(prefix.length - 1).replace(/\/$/, '/index.html')))
    if (!path.startsWith(prefix) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', ...(isolated && isolation) })
    createReadStream(file).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

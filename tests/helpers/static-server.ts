// Serves files to a browser.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
}

/** What a page needs to share memory with its workers. */
export const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

/** A folder, or files by their paths. */
export type Site = string | ReadonlyMap<string, Uint8Array | string>

export interface Served {
  /** Ends in a slash. */
  readonly url: string
  close(): Promise<void>
}

/** Serves a site from a free port of this machine, every answer with these headers; under a path, as static hosts may do. */
export async function serve(site: Site, headers: Readonly<Record<string, string>> = {}, path = '/'): Promise<Served> {
  const server = createServer(async ({ url = '/' }, response) => {
    // The path of a URL leads nowhere else: every `..` in it is already gone.
    const { pathname } = new URL(url, 'http://127.0.0.1')
    const file = pathname.slice(path.length).replace(/(^|\/)$/, '$1index.html')
    try {
      if (!pathname.startsWith(path)) throw new Error('not of this site')
      const bytes = await read(site, file)
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', ...headers }).end(bytes)
    } catch {
      response.writeHead(404, headers).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(site: Site, file: string): Promise<Uint8Array | string> {
  if (typeof site === 'string') return readFile(join(site, file))
  const content = site.get(file)
  if (content === undefined) throw new Error(`there is no ${file}`)
  return content
}

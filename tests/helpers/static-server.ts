// Serves the files of a folder to a browser.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** What a page needs to share memory with its workers. */
export const ISOLATION = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

export interface Served {
  /** Ends in a slash. */
  readonly url: string
  close(): Promise<void>
}

/** Serves a folder from a free port of this machine, every answer with these headers. */
export async function serve(folder: string, headers: Readonly<Record<string, string>> = {}): Promise<Served> {
  const server = createServer(async ({ url = '/' }, response) => {
    // The path of a URL leads nowhere else: every `..` in it is already gone.
    const { pathname } = new URL(url, 'http://127.0.0.1')
    const file = pathname.endsWith('/') ? `${pathname}index.html` : pathname
    try {
      const bytes = await readFile(join(folder, file))
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', ...headers }).end(bytes)
    } catch {
      response.writeHead(404, headers).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

// Pages made from the packed package, without a bundler and by bundlers whose configuration does not mention it.
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import * as esbuild from 'esbuild'
import type { Browser } from 'puppeteer'
import { rollup } from 'rollup'
import * as vite from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import webpack from 'webpack'
import { launchChromium, missing } from '../helpers/browser.js'
import { ISOLATION, type Served, serve } from '../helpers/static-server.js'
import { type Report, needGpu, open } from './page.js'
import { folderIn, hashByNode, install, pack } from './tarball.js'

const noChromium = missing('chromium')
const project = install(pack(), 'page')
const sha256 = hashByNode(project)
const input = join(project, 'page.js')

/** Builds the page into a folder that has its index.html. */
type Build = (folder: string) => Promise<unknown>

const BUILDS: Readonly<Record<string, Build>> = {
  esbuild: (folder) => esbuild.build({ entryPoints: [input], outfile: join(folder, 'page.js'), bundle: true, minify: true, format: 'esm' }),

  async Rollup(folder) {
    const bundle = await rollup({ input, plugins: [nodeResolve({ browser: true })] })
    await bundle.write({ file: join(folder, 'page.js'), format: 'es' })
  },

  webpack: (folder) =>
    new Promise<void>((resolve, reject) => {
      webpack({ mode: 'production', context: project, entry: input, output: { path: folder, filename: 'page.js' } }, (error, stats) => {
        if (error !== null) reject(error)
        else if (stats?.hasErrors()) reject(new Error(stats.toString()))
        else resolve()
      })
    }),

  'Vite build': (folder) => vite.build({ root: project, configFile: false, logLevel: 'error', build: { outDir: folder } }),
}

type Headers = Readonly<Record<string, string>>

/** Serves the page. */
type Way = (headers: Headers) => Promise<Served>

async function viteDevServer(headers: Headers): Promise<Served> {
  const server = await vite.createServer({ root: project, configFile: false, logLevel: 'error', server: { host: '127.0.0.1', headers } })
  await server.listen()
  return { url: server.resolvedUrls?.local[0] as string, close: () => server.close() }
}

async function plain(headers: Headers): Promise<Served> {
  const { url, close } = await serve(project, headers)
  return { url: `${url}plain.html`, close }
}

const WAYS: readonly (readonly [name: string, way: Way])[] = [
  ['no bundler', plain],
  ['Vite dev server', viteDevServer],
  ...Object.entries(BUILDS).map(([name, build]) => [name, built(name, build)] as const),
]

/** Builds when it is first opened. */
function built(name: string, build: Build): Way {
  let folder: string | undefined
  return async (headers) => {
    if (folder === undefined) {
      folder = folderIn(project, `built by ${name}`)
      cpSync(join(project, 'index.html'), join(folder, 'index.html'))
      await build(folder)
    }
    return serve(folder, headers)
  }
}

describe.skipIf(noChromium !== undefined)('a page', () => {
  let chromium: Browser
  beforeAll(async () => void (chromium = await launchChromium()))
  afterAll(() => chromium?.close())

  async function look(way: Way, headers: Headers, backends: readonly string[]): Promise<Report> {
    const { url, close } = await way(headers)
    try {
      return await open(chromium, url, backends)
    } finally {
      await close()
    }
  }

  test('on WebGPU', async (context) => {
    const report = await look(plain, {}, ['webgpu'])
    needGpu(report, context)
    expect(report.runs['webgpu']).toMatchObject({ backend: 'webgpu', sha256 })
  })

  describe.each(WAYS)('by %s', (_, way) => {
    test.each([
      ['with isolation headers, on shared memory', ISOLATION, 'shared'],
      ['without, by transfer', {}, 'transfer'],
    ] as const)('%s', async (_, headers, threading) => {
      const { runs, workers } = await look(way, headers, ['wasm', 'auto'])
      expect(runs).toMatchObject({ wasm: { backend: 'wasm', threading, sha256 }, auto: { sha256 } })
      expect(workers).toBe(2)
    })
  })
})

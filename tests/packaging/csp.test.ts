// A page under a strict content security policy.
import { cpSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, missing } from '../helpers/browser.js'
import { ISOLATION, serve } from '../helpers/static-server.js'
import { type Report, needGpu, open } from './page.js'
import { folderIn, hashByNode, install, pack } from './tarball.js'

const noChromium = missing('chromium')
const POLICY = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"
const FILES = { workerUrl: 'worker.js', wasmUrl: 'kernels.wasm' }
const RUNGS = [
  ['with isolation headers', ISOLATION, 'shared'],
  ['without isolation headers', {}, 'transfer'],
] as const

const project = install(pack(), 'page')
const sha256 = hashByNode(project)
const site = folderIn(project, 'site')

describe.skipIf(noChromium !== undefined)(POLICY, () => {
  let chromium: Browser

  beforeAll(async () => {
    await build({ entryPoints: [join(project, 'page.js')], outfile: join(site, 'page.js'), bundle: true, format: 'esm' })
    cpSync(join(project, 'index.html'), join(site, 'index.html'))
    const { resolve } = createRequire(join(project, 'package.json'))
    for (const file of Object.values(FILES)) cpSync(resolve(`isopix/${file}`), join(site, file))
    chromium = await launchChromium()
  })
  afterAll(() => chromium?.close())

  async function look(policy: string, headers: Readonly<Record<string, string>>, backends: readonly string[], files = {}): Promise<Report> {
    const { url, close } = await serve(site, { ...headers, 'content-security-policy': policy })
    try {
      return await open(chromium, url, backends, files)
    } finally {
      await close()
    }
  }

  test.each(RUNGS)('workers run from a file, %s', async (_, headers, threading) => {
    const { runs, workers, capabilities } = await look(POLICY, headers, ['wasm', 'auto'], FILES)
    expect(runs).toMatchObject({ wasm: { backend: 'wasm', threading, sha256 }, auto: { backend: 'wasm', threading, sha256 } })
    expect(capabilities.wasm).toMatchObject({ available: true, threading: { name: threading } })
    expect(workers).toBe(2)
  })

  test.each(RUNGS)('without that file the bytes are the same, %s', async (_, headers) => {
    const { runs } = await look(POLICY, headers, ['wasm', 'auto'])
    expect(runs).toMatchObject({ wasm: { backend: 'wasm', sha256 }, auto: { backend: 'wasm', sha256 } })
  })

  const saysWhy = async (headers: Readonly<Record<string, string>>): Promise<void> => {
    const { runs, capabilities } = await look(POLICY, headers, ['wasm', 'auto'])
    expect(capabilities.wasm).toMatchObject({ threading: { name: 'inline', why: expect.stringContaining('content security policy') } })
    expect(runs['auto']).toMatchObject({ threading: 'inline' })
  }

  test('without that file work is done inline and capabilities say why, without isolation headers', () => saysWhy({}))

  test('without that file work is done inline and capabilities say why, with isolation headers', () => saysWhy(ISOLATION))

  test("without 'wasm-unsafe-eval' a GPU or the reference does the work, and says why", async (context) => {
    const report = await look("script-src 'self'; worker-src 'self'", ISOLATION, ['auto', 'webgpu'])
    const { runs, capabilities } = report
    expect(capabilities.wasm).toMatchObject({ available: false, reason: expect.stringContaining('Content Security') })
    const { webgpu } = capabilities
    if (webgpu.available && !webgpu.software) expect(runs['auto']).toMatchObject({ backend: 'webgpu', sha256 })
    else expect(runs['auto']).toMatchObject({ backend: 'reference', reason: expect.stringContaining('Content Security'), sha256 })
    needGpu(report, context)
    expect(runs['webgpu']).toMatchObject({ backend: 'webgpu', sha256 })
  })
})

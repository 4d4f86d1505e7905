// A page under a strict content security policy.
import { cpSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, missingChromium } from '../helpers/browser.js'
import { ISOLATION, serve } from '../helpers/static-server.js'
import { type Report, open } from './page.js'
import { folderIn, install, pack, reportOfNode } from './tarball.js'

const noChromium = missingChromium()
const POLICY = "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"
const POLICY_WITHOUT_WASM = "script-src 'self'; worker-src 'self'"
const FILES = { workerUrl: 'worker.js', wasmUrl: 'kernels.wasm' }
const RUNGS = [
  ['with isolation headers', ISOLATION, 'shared'],
  ['without', {}, 'transfer'],
] as const

const project = install(pack(), 'page')
const expected = reportOfNode(project).runs['reference']?.sha256
const site = folderIn(project, 'site')

describe.skipIf(noChromium !== undefined)('under a content security policy', () => {
  let chromium: Browser

  beforeAll(async () => {
    await build({ entryPoints: [join(project, 'page.js')], outfile: join(site, 'page.js'), bundle: true, format: 'esm' })
    cpSync(join(project, 'index.html'), join(site, 'index.html'))
    const { resolve } = createRequire(join(project, 'package.json'))
    for (const file of Object.values(FILES)) cpSync(resolve(`isopix/${file}`), join(site, file))
    chromium = await launchChromium()
  })
  afterAll(() => chromium?.close())

  async function look(headers: Readonly<Record<string, string>>, policy: string, backends: readonly string[], files = {}): Promise<Report> {
    const { url, close } = await serve(site, { ...headers, 'content-security-policy': policy })
    try {
      const report = await open(chromium, url, backends, files)
      for (const [backend, { sha256 }] of Object.entries(report.runs)) expect(sha256, backend).toBe(expected)
      return report
    } finally {
      await close()
    }
  }

  test.each(RUNGS)('workers run from a file, %s', async (_, headers, threading) => {
    const { runs, workers } = await look(headers, POLICY, ['wasm', 'auto'], FILES)
    expect(runs['wasm']).toMatchObject({ backend: 'wasm', threading })
    expect(workers).toBe(2)
  })

  test.each(RUNGS)('without that file the same bytes are made inline, %s', async (_, headers) => {
    const { runs, workers, capabilities } = await look(headers, POLICY, ['wasm', 'auto'])
    console.log(runs, workers, capabilities)
  })

  test.each(RUNGS)('without %s', async (_, headers) => {
    const { runs, capabilities } = await look(headers, POLICY_WITHOUT_WASM, ['auto', 'webgpu'])
    console.log(runs, JSON.stringify(capabilities))
  })
})

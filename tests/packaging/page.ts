// What a page of fixtures/page says when it is opened in Chromium.
import type { Browser } from 'puppeteer'
import type { TestContext } from 'vitest'
import type { Capabilities, RunInfo } from '../../src/index.js'

type Ran = RunInfo & { readonly sha256: string; readonly error?: undefined }
type Failed = { readonly sha256?: undefined; readonly error: string }

/** What fixtures/page/filter.js says. */
export interface Report {
  readonly runs: Readonly<Record<string, Ran | Failed>>
  readonly capabilities: Capabilities
  /** Workers that were alive after the last run. */
  readonly workers: number
  /** The hash of the picture before. */
  readonly unfiltered: string
}

/** Opens a page and waits for its report. Whatever the browser complains about on the way is part of the error where there is none. */
export async function open(browser: Browser, url: string, backends: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Report> {
  // Of its own, so that nothing is left from pages before it.
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`))
  try {
    const query = new URLSearchParams([...backends.map((backend) => ['backend', backend]), ...Object.entries(files)])
    await page.goto(`${url}?${query}`)
    // Scripts of modules have run when a page is loaded.
    const report = (await page.evaluate('globalThis.finished')) as Report | undefined
    if (report === undefined) throw new Error('the page said nothing')
    return report
  } catch (error) {
    throw new Error([String(error), ...complaints].join('\n'), { cause: error })
  } finally {
    await context.close()
  }
}

/** Skips what is left of a test where WebGPU did not run, unless it has to. */
export function needGpu({ runs }: Report, context: TestContext): void {
  const error = runs['webgpu']?.error
  if (error !== undefined && !process.env['CI']) context.skip(error)
}

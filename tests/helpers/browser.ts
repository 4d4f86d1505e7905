// Chromium, where there is one.
import { existsSync } from 'node:fs'
import puppeteer, { type Browser } from 'puppeteer'

const USUAL_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

const FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Why there is no Chromium to test with, or undefined where there is one. In CI there has to be one. */
export function missingChromium(): string | undefined {
  if (findChromium() !== undefined) return undefined
  const reason = 'no Chromium was found; install it, or set PUPPETEER_EXECUTABLE_PATH'
  if (process.env['CI']) throw new Error(`${reason}; CI needs it`)
  console.warn(`browsers are not tested: ${reason}`)
  return reason
}

export function launchChromium(): Promise<Browser> {
  return puppeteer.launch({ executablePath: findChromium() as string, args: FLAGS })
}

/** Where PUPPETEER_EXECUTABLE_PATH says, in puppeteer's cache, or where systems install it. */
function findChromium(): string | undefined {
  return [puppeteer.executablePath(), ...USUAL_PATHS].find((path) => existsSync(path))
}

// The browsers of this machine, and how they are started.
import { existsSync } from 'node:fs'
import puppeteer, { type Browser } from 'puppeteer'
import { leftOut } from './left-out.js'
import { missingOfWebkit } from './webkit.js'

export type BrowserName = 'chromium' | 'firefox' | 'webkit'

const CHROMIUM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]
const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox', 'C:\\Program Files\\Mozilla Firefox\\firefox.exe']

const FLAGS = [
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
/** Gives Chromium a camera that is none, and that nobody has to allow. */
export const FAKE_CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
/** Gives Firefox WebGPU where there is no graphics card. */
export const FIREFOX_WEBGPU = { 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true }

/** Why a browser cannot be tested with, or undefined where it is there. In CI it has to be. */
export function missing(browser: BrowserName): string | undefined {
  const reason = { chromium: missingChromium, firefox: missingFirefox, webkit: missingOfWebkit }[browser]()
  return reason === undefined ? undefined : leftOut(browser, reason)
}

const missingChromium = (): string | undefined =>
  findChromium() === undefined ? 'no Chromium was found; install it, or set PUPPETEER_EXECUTABLE_PATH' : undefined

const missingFirefox = (): string | undefined => (findFirefox() === undefined ? 'no Firefox was found' : undefined)

export const launchChromium = (flags: readonly string[] = []): Promise<Browser> =>
  puppeteer.launch({ executablePath: findChromium() as string, args: [...FLAGS, ...flags], protocolTimeout: 600_000 })

export const launchFirefox = (preferences: Readonly<Record<string, unknown>> = FIREFOX_WEBGPU): Promise<Browser> =>
  puppeteer.launch({ browser: 'firefox', executablePath: findFirefox() as string, extraPrefsFirefox: preferences, protocolTimeout: 600_000 })

const findFirefox = (): string | undefined => FIREFOX.find((path) => existsSync(path))

/** Where PUPPETEER_EXECUTABLE_PATH says, in puppeteer's cache, or where systems install it. */
const findChromium = (): string | undefined => [...puppeteersOwn(), ...CHROMIUM].find((path) => existsSync(path))

/** Without a browser of its own puppeteer may throw instead of naming one. */
function puppeteersOwn(): string[] {
  try {
    return [puppeteer.executablePath()]
  } catch {
    return []
  }
}

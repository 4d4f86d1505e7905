// What browsers have besides plain pixels: canvases, bitmaps, pictures, video and files, in windows and in workers.
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apply } from '../../src/index.js'
import { missing } from '../helpers/browser.js'
import { makeImage } from '../helpers/images.js'
import { BROWSERS, type Page, openPage } from './page.js'
import * as cases from './sources.page.js'

const WIDTH = 61
const HEIGHT = 47

/** The files that pages fetch, and their pixels as sharp decodes them. */
async function makeFiles(): Promise<Map<string, Uint8Array | string>> {
  const picture = (content: 'noise' | 'opaque-noise') => sharp(makeImage(WIDTH, HEIGHT, 4, content).data, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
  const smooth = (): Sharp => picture('opaque-noise').blur(3).removeAlpha()
  const wide = Buffer.from(makeImage(20_000, 3, 4, 'opaque-noise').data)
  const rgba = (file: Buffer): Promise<Buffer> => sharp(file).toColourspace('srgb').ensureAlpha().raw({ depth: 'uchar' }).toBuffer()
  const noise = await picture('noise').png().toBuffer()
  const palette = await picture('noise').png({ palette: true, colours: 200 }).toBuffer()
  const grey = await picture('noise').png().removeAlpha().toColourspace('b-w').toBuffer()
  return new Map<string, Uint8Array | string>([
    ['noise.png', noise],
    ['noise.rgba', await rgba(noise)],
    ['opaque.png', await picture('opaque-noise').png().toBuffer()],
    ['noise.webp', await picture('noise').webp({ lossless: true, exact: true }).toBuffer()],
    ['palette.png', palette],
    ['palette.rgba', await rgba(palette)],
    ['grey.png', grey],
    ['grey.rgba', await rgba(grey)],
    ['wide.png', await sharp(wide, { raw: { width: 20_000, height: 3, channels: 4 } }).png().toBuffer()],
    ['wide.rgba', wide],
    ['p3.png', await smooth().withIccProfile('p3').png().toBuffer()],
    ['turned.jpg', await smooth().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ['half-turned.jpg', await smooth().withMetadata({ orientation: 3 }).jpeg().toBuffer()],
    ['sized.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="20" height="30" fill="#f80"/><rect x="20" width="20" height="30" fill="#08f"/></svg>'],
    ['unsized.svg', '<svg xmlns="http://www.w3.org/2000/svg"><rect width="20" height="30" fill="#f80"/></svg>'],
    ['endless.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="2000000" height="2000000"/>'],
    ['broken.png', 'this is no picture'],
  ])
}

const files = await makeFiles()

test('the files are what their names say', async () => {
  expect(files.get('noise.rgba')).toEqual(Buffer.from(makeImage(WIDTH, HEIGHT, 4, 'noise').data))
  const of = (name: string) => sharp(files.get(name) as Uint8Array).metadata()
  expect(await of('palette.png')).toMatchObject({ isPalette: true, channels: 4 })
  expect(await of('grey.png')).toMatchObject({ channels: 1 })
  expect(await of('p3.png')).toMatchObject({ hasProfile: true })
  expect(await of('half-turned.jpg')).toMatchObject({ orientation: 3 })
  expect(await of('turned.jpg')).toMatchObject({ orientation: 6, width: WIDTH, height: HEIGHT })
})

describe.each(BROWSERS)('in %s', (browser) => {
  const reason = missing(browser)
  let page: Page<typeof cases>

  beforeAll(async () => {
    if (reason === undefined) page = await openPage(browser, { module: join(import.meta.dirname, 'sources.page.ts'), files })
  })
  afterAll(() => page?.close())

  const those = test.skipIf(reason !== undefined)

  those.each(cases.EVERYWHERE)('%s, in a window and in a worker', async (name) => {
    expect(await page.window.check(name)).toBeNull()
    expect(await page.worker.check(name)).toBeNull()
  })

  those.each(cases.WINDOWS)('%s', async (name) => {
    expect(await page.window.check(name)).toBeNull()
  })

  // Firefox has no WebGL where there is no graphics card, and draws it nowhere.
  test.skipIf(reason !== undefined || browser === 'firefox').each(cases.WEBGL)('%s', async (name) => {
    expect(await page.window.check(name)).toBeNull()
  })

  those.each([
    ['a broken file', /this Blob cannot be read: .*decoded/],
    ['an empty Blob', /this Blob cannot be read/],
    ['a file with an SVG', /this Blob cannot be read: .*decoded/],
    ['a closed ImageBitmap', /this ImageBitmap cannot be read/],
    ['a closed VideoFrame', /this VideoFrame cannot be read/],
    ['a canvas without pixels', /this OffscreenCanvas cannot be read/],
    ['a picture without a source', /this HTMLImageElement cannot be read/],
    ['a broken picture', /this HTMLImageElement cannot be read/],
    ['a missing picture', /this HTMLImageElement cannot be read/],
    ['a picture without an end', /this HTMLImageElement cannot be read/],
    ['a video without a source', /this HTMLVideoElement cannot be read: .* "loadeddata"/],
    ['a picture of another origin', /another origin; load it with crossorigin="anonymous"/],
    ['a canvas with a picture of another origin', /another origin; load it with crossorigin="anonymous"/],
    ['a date', /expected image.width to be a whole number/],
  ])('%s is refused', async (name, message) => {
    expect(await page.window.refusal(name, page.elsewhere)).toEqual({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringMatching(message) })
  })

  // Firefox gives such a picture a size, and has no such ImageData.
  test.skipIf(reason !== undefined || browser === 'firefox').each([
    ['a picture without a size', /this HTMLImageElement cannot be read/],
    ['ImageData of floats', /expected image.data to be a Uint8Array or Uint8ClampedArray, got Float16Array/],
  ])('%s is refused', async (name, message) => {
    expect(await page.window.refusal(name, page.elsewhere)).toEqual({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringMatching(message) })
  })

  those('there is one context of WebGL, and another only when that is lost', async () => {
    const made = await page.window.contextsMade()
    expect(made).toBe(browser === 'firefox' ? 0 : 1)
    await page.window.loseContexts(true)
    expect(await page.window.check('a Blob with a PNG')).toBeNull()
    expect(await page.window.contextsMade()).toBe(2 * made)
  })

  // The last: what is gone stays gone.
  those('without WebGL it is the same', async () => {
    await page.window.loseContexts(false)
    for (const name of [...cases.EVERYWHERE, ...cases.WINDOWS]) expect(await page.window.check(name), name).toBeNull()
  })
})

test('Node has no decoder for files', async () => {
  await expect(apply(new Blob([files.get('noise.png') as BlobPart]), [])).rejects.toMatchObject({
    code: 'ERR_UNSUPPORTED',
    message: 'apply: expected pixels, got a Blob; image files are decoded by browsers only, and by packages such as sharp',
  })
})

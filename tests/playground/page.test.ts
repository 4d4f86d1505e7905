// The playground as a person uses it, built as it would be published, in a real browser.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page, SerializedAXNode } from 'puppeteer'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Image } from '../../src/image.js'
import { difference } from '../helpers/compare.js'
import { FAKE_CAMERA, launchChromium, missing as missingBrowser } from '../helpers/browser.js'
import { temporaryFolder } from '../helpers/folder.js'
import { makeImage } from '../helpers/images.js'
import { reference } from '../helpers/reference.js'
import { ISOLATION, type Served, serve } from '../helpers/static-server.js'
import { buildPage } from './browser.js'
import { add, control, drop, give, listen, pixels, png, settle, steps, text, texts, type Visit } from './person.js'

const missing = missingBrowser('chromium')
/** Static hosts serve pages under paths of their own. */
const PATH = '/some/where/'
const PHOTO = makeImage(240, 160, 4, 'opaque-noise', 7)

describe.skipIf(missing)(`the playground${missing === undefined ? '' : ` (left out: ${missing})`}`, () => {
  const folder = temporaryFolder()
  const [site, downloads] = [join(folder, 'site'), join(folder, 'downloads')]
  let browser: Browser
  let isolated: Served
  let plain: Served
  const visits: Visit[] = []

  beforeAll(async () => {
    const [started] = await Promise.all([launchChromium(FAKE_CAMERA), buildPage(site)])
    browser = started
    isolated = await serve(site, ISOLATION, PATH)
    plain = await serve(site, {}, PATH)
    // Both are localhost, where clipboards may be used.
    for (const { url } of [isolated, plain]) await browser.defaultBrowserContext().overridePermissions(new URL(url).origin, ['clipboard-read', 'clipboard-sanitized-write'])
  })

  afterEach(async () => {
    for (const { page, complaints } of visits.splice(0)) {
      expect(complaints).toEqual([])
      await page.close()
    }
  })

  afterAll(async () => {
    await browser?.close()
    await isolated?.close()
    await plain?.close()
  })

  async function visit(hash = '', { url = isolated.url, width = 1440, height = 900, phone = false, features = {} as Record<string, string> } = {}): Promise<Page> {
    const page = await browser.newPage()
    visits.push(listen(page))
    // Only the page in front may use the clipboard.
    await page.bringToFront()
    await page.setViewport({ width, height, isMobile: phone, hasTouch: phone })
    await page.emulateMediaFeatures(Object.entries(features).map(([name, value]) => ({ name, value })))
    await page.goto(url + hash)
    await settle(page)
    return page
  }

  /** Compares what is shown with what the reference makes of the picture by the steps in the address. */
  async function expectShown(page: Page, picture: Image, count: number): Promise<void> {
    const chain = await steps(page)
    expect(chain).toHaveLength(count)
    const expected = await reference(picture, ...chain)
    expect(difference(await pixels(page, '#after'), expected)).toBeUndefined()
  }

  test('is never empty: a sample and a chain are there at once, and the page says how it runs', async () => {
    const page = await visit()
    expect(await text(page, '#picture-name')).toBe('Sample')
    expect((await texts(page, '.step-name')).length).toBeGreaterThan(1)
    const [before, after] = [await pixels(page, '#before'), await pixels(page, '#after')]
    expect([before.width, before.height]).toEqual([1200, 800])
    expect(difference(after, before)).toBeDefined()
    expect(await text(page, '#rung-name')).toBe('Threads share memory')
    expect(await text(page, '#reason')).toMatch(/^Ran on WebAssembly – \w+/)
    expect(await text(page, '#status')).toMatch(/^1200 × 800 in [\d.]+ m?s on wasm$/)
  })

  test('a picture is dropped, two filters are added, a slider is moved, backends are switched: the pixels are the reference\'s', async () => {
    const page = await visit()
    await page.click('#clear')
    await drop(page, PHOTO)
    expect(await text(page, '#picture-size')).toBe('240 × 160')
    expect(difference(await pixels(page, '#before'), PHOTO)).toBeUndefined()
    await expectShown(page, PHOTO, 0)

    await add(page, 'gaussian')
    await add(page, 'solarize')
    expect(await texts(page, '.step-name')).toEqual(['Gaussian blur', 'Solarize'])
    await expectShown(page, PHOTO, 2)
    const unmoved = await pixels(page, '#after')

    const sigma = await control(page, 1, 'Sigma')
    await sigma.focus()
    for (let key = 0; key < 12; key++) await page.keyboard.press('ArrowRight')
    await settle(page)
    expect(await sigma.evaluate((slider) => slider.getAttribute('aria-valuetext'))).toBe('2.2 px')
    expect(difference(await pixels(page, '#after'), unmoved)).toBeDefined()
    await expectShown(page, PHOTO, 2)

    for (const backend of ['webgpu', 'reference', 'wasm']) {
      await page.click(`input[value=${backend}]`)
      await page.waitForFunction((wanted) => document.querySelector(`.backend[data-backend=${wanted}]`)?.hasAttribute('data-ran'), {}, backend)
      await settle(page)
      expect(await text(page, '#reason')).toMatch(/asked for\.$/)
      expect(await text(page, `.backend[data-backend=${backend}] .backend-time`)).toMatch(/^[\d.]+ m?s$/)
      expect(await page.$$(`.backend[data-backend=${backend}] .spark rect`)).not.toHaveLength(0)
      await expectShown(page, PHOTO, 2)
    }
  })

  test('steps are reordered by keyboard and by pointer, switched off, undone and removed', async () => {
    const page = await visit('#steps=' + encodeURIComponent('[{"filter":"gaussian-blur","sigma":3},"solarize","sobel"]'))
    await drop(page, PHOTO)
    const names = (): Promise<string[]> => texts(page, '.step-name')
    await page.focus('.step:nth-child(2) .grip')
    await page.keyboard.press('ArrowUp')
    await settle(page)
    expect(await names()).toEqual(['Solarize', 'Gaussian blur', 'Sobel'])
    expect(await text(page, '#live')).toBe('Solarize is now step 1 of 3')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Move Solarize, step 1 of 3')
    await expectShown(page, PHOTO, 3)

    await page.keyboard.down('Control')
    await page.keyboard.press('z')
    await page.keyboard.up('Control')
    await settle(page)
    expect(await names()).toEqual(['Gaussian blur', 'Solarize', 'Sobel'])
    await expectShown(page, PHOTO, 3)
    await page.click('#redo')
    expect(await names()).toEqual(['Solarize', 'Gaussian blur', 'Sobel'])

    const from = await (await page.$('.step:nth-child(3) .grip'))?.boundingBox()
    const to = await (await page.$('.step:nth-child(1)'))?.boundingBox()
    if (!from || !to) throw new Error('there is nothing to drag')
    await page.mouse.move(from.x + 10, from.y + 10)
    await page.mouse.down()
    await page.mouse.move(from.x + 10, to.y + 4, { steps: 5 })
    await page.waitForSelector('.step[data-drop=above]')
    await page.mouse.up()
    await settle(page)
    expect(await names()).toEqual(['Sobel', 'Solarize', 'Gaussian blur'])
    await expectShown(page, PHOTO, 3)

    await page.click('.step:nth-child(2) .switch')
    await settle(page)
    await expectShown(page, PHOTO, 2)
    expect(new URL(page.url()).hash).toMatch(/&off=2$/)
    await page.click('.step:nth-child(1) [aria-label="Remove Sobel"]')
    await settle(page)
    await expectShown(page, PHOTO, 1)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Move Solarize, step 1 of 2')
  })

  test('a chain that fits no longer is said to be so, and the picture is shown as it came', async () => {
    const page = await visit('#steps=' + encodeURIComponent('["invert",{"filter":"crop","left":0,"top":0,"width":1200,"height":800}]'))
    await give(page, 'drop', await png(PHOTO), 'photo.png', 'image/png')
    await page.waitForSelector('.step:nth-child(2) .fault:not([hidden])')
    expect(await text(page, '#status')).toBe('Crop needs another value. The picture is as it came.')
    expect(difference(await pixels(page, '#before'), PHOTO)).toBeUndefined()
    expect(await page.$eval('#after', (canvas) => canvas.checkVisibility())).toBe(false)
    expect(await page.$eval('#save', (button) => (button as HTMLButtonElement).disabled)).toBe(true)
  })

  test('what is wrong is said at the step where it is, and the picture stays', async () => {
    const page = await visit('#steps=' + encodeURIComponent('["invert",{"filter":"crop","left":0,"top":0,"width":200,"height":100},"sobel"]'))
    await drop(page, PHOTO)
    const before = await pixels(page, '#after')
    await page.click('.step:nth-child(2) .step-title')
    const width = (await page.$$('.step:nth-child(2) .box'))[2]
    await width?.evaluate((box) => {
      ;(box as HTMLInputElement).value = '300'
      box.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await page.waitForSelector('.step:nth-child(2) .fault:not([hidden])')
    expect(await text(page, '.step:nth-child(2) .fault')).toBe('Expected the rectangle to lie within the image of 240 x 160, got 300 x 100 at 0, 0')
    expect(await page.$$('.fault:not([hidden])')).toHaveLength(1)
    expect(await text(page, '#status')).toMatch(/^Crop needs another value/)
    expect(difference(await pixels(page, '#after'), before)).toBeUndefined()

    await width?.click({ count: 3 })
    await width?.type('-4')
    expect(await text(page, '.step:nth-child(2) .control-error:not([hidden])')).toBe('Expected a whole number from 1 to 1048576.')
    expect(await width?.evaluate((box) => box.getAttribute('aria-invalid'))).toBe('true')

    await width?.click({ count: 3 })
    await width?.type('40')
    await settle(page)
    expect(await page.$$('.fault:not([hidden])')).toHaveLength(0)
    await expectShown(page, PHOTO, 3)
  })

  test('every kind of control sets what it shows', async () => {
    const page = await visit('#steps=' + encodeURIComponent('["sobel",{"filter":"convolve","kernel":[0,0,0,0,1,0,0,0,0]},{"filter":"lut","table":[' + Array.from({ length: 256 }, (_, i) => i) + ']}]'))
    await drop(page, PHOTO)
    await (await control(page, 1, 'Output')).select('x')
    await page.click('.step:nth-child(1) summary')
    await (await control(page, 1, 'Border')).select('constant')
    await (await control(page, 1, 'Fill')).evaluate((picker) => {
      ;(picker as HTMLInputElement).value = '#ff8000'
      picker.dispatchEvent(new Event('input', { bubbles: true }))
    })
    await page.click('.step:nth-child(2) .step-title')
    await (await control(page, 2, 'Width')).select('5')
    const cells = await page.$$('.step:nth-child(2) .cell')
    expect(cells).toHaveLength(15)
    await cells[0]?.click({ count: 3 })
    await cells[0]?.type('-0.5')
    await page.click('.step:nth-child(3) .step-title')
    const curve = await page.$('.step:nth-child(3) .curve')
    await curve?.scrollIntoView()
    const box = await curve?.boundingBox()
    if (!box) throw new Error('there is no curve')
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 8)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.up()
    await settle(page)
    const [sobel, convolve, lut] = (await steps(page)).map(({ values }) => values)
    expect(sobel).toEqual({ output: 'x', border: 'constant', fill: [255, 128, 0, 255] })
    expect(convolve).toMatchObject({ width: 5, height: 3, kernel: [-0.5, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] })
    const table = lut?.['table'] as number[]
    expect(table[40]).toBe(40)
    expect(table[63]).toBeGreaterThan(200)
    expect(table.slice(66, 126).every((level, i, all) => i === 0 || level <= (all[i - 1] as number))).toBe(true)
    await expectShown(page, PHOTO, 3)
  })

  test('the result is saved as PNG, JPEG and WebP', async () => {
    const page = await visit('#steps=' + encodeURIComponent('["luminance",{"filter":"gaussian-blur","sigma":2}]'))
    await drop(page, PHOTO)
    const session = await page.createCDPSession()
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads, eventsEnabled: true })
    const save = async (type: string): Promise<Buffer> => {
      await page.select('#format', type)
      const done = new Promise<void>((resolve) => session.on('Browser.downloadProgress', ({ state }) => state === 'completed' && resolve()))
      await page.click('#save')
      await done
      const extension = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' }[type] as string
      return readFileSync(join(downloads, readdirSync(downloads).find((name) => name === `isopix.${extension}`) as string))
    }
    const expected = await reference(PHOTO, ...(await steps(page)))
    const saved = sharp(await save('image/png'))
    expect(await saved.metadata()).toMatchObject({ format: 'png', width: 240, height: 160, channels: 1 })
    const data = new Uint8ClampedArray(await saved.toColourspace('b-w').raw().toBuffer())
    expect(difference({ ...expected, data }, expected)).toBeUndefined()
    for (const type of ['image/jpeg', 'image/webp']) {
      const { format, width, height } = await sharp(await save(type)).metadata()
      expect({ format, width, height }).toEqual({ format: type.slice('image/'.length), width: 240, height: 160 })
    }
    expect(await text(page, '#live')).toBe('Saved as isopix.webp')
  })

  test('a link holds the chain, and one that is wrong does no harm', async () => {
    const page = await visit()
    await page.click('#clear')
    await add(page, 'median')
    await add(page, 'hue')
    await page.click('.step:nth-child(1) .switch')
    await page.click('#share')
    const link = await page.evaluate(() => navigator.clipboard.readText())
    expect(await text(page, '#live')).toBe('Copied')
    const other = await visit(new URL(link).hash)
    expect(await texts(other, '.step-name')).toEqual(['Median', 'Hue rotate'])
    expect(await other.$$eval('.switch', (all) => all.map((one) => (one as HTMLInputElement).checked))).toEqual([false, true])
    expect(JSON.stringify(await steps(other))).toBe(JSON.stringify(await steps(page)))

    const chain = await texts(other, '.step-name')
    for (const hash of ['#steps={', '#steps=["gausian-blur"]', '#steps=["<img src=x onerror=alert(1)>"]', '#steps=[{"filter":"median","radius":1e99}]', '#steps=%ff']) {
      await other.evaluate((wrong) => {
        document.querySelector<HTMLElement>('#dismiss')?.click()
        location.hash = wrong
      }, hash)
      await other.waitForSelector('#notice:not([hidden])')
      expect(await text(other, '#notice-text')).toMatch(/^This link does not hold a chain that can be used: \w+/)
      expect(await texts(other, '.step-name')).toEqual(chain)
      expect(await other.$$('#notice img')).toHaveLength(0)
    }
    // Allowed by each filter, but more than the page takes: said at the step.
    await other.evaluate(() => (location.hash = '#steps=[{"filter":"resize","width":16000,"height":16000},"invert"]'))
    await other.waitForSelector('.step:nth-child(1) .fault:not([hidden])')
    expect(await text(other, '.step:nth-child(1) .fault')).toMatch(/megapixels/)
  })

  test('files that are no pictures are refused in words; a picture can be pasted', async () => {
    const page = await visit('#steps=["invert"]')
    await give(page, 'drop', Buffer.from('hello'), 'notes.txt', 'text/plain')
    expect(await text(page, '#notice-text')).toBe('notes.txt is no picture.')
    await give(page, 'drop', Buffer.from('hello'), 'broken.png', 'image/png')
    await page.waitForFunction(() => document.querySelector('#notice-text')?.textContent?.startsWith('broken.png'))
    expect(await text(page, '#notice-text')).toBe('broken.png cannot be opened: it is no picture that this browser can read')
    expect(await text(page, '#picture-name')).toBe('Sample')
    await give(page, 'paste', await png(PHOTO), 'pasted.png', 'image/png')
    await page.waitForFunction(() => document.querySelector('#picture-name')?.textContent === 'pasted.png')
    await settle(page)
    expect(await page.$eval('#notice', (notice) => (notice as HTMLElement).hidden)).toBe(true)
    await expectShown(page, PHOTO, 1)
  })

  test('the camera runs through the filters until it is frozen', async () => {
    const page = await visit('#steps=' + encodeURIComponent('["invert"]'))
    await page.click('#camera')
    await page.waitForFunction(() => document.querySelector('#picture-name')?.textContent === 'Camera')
    const first = await pixels(page, '#before')
    await page.waitForFunction(() => document.querySelectorAll('.backend[data-backend=wasm] .spark rect').length > 4)
    expect(difference(await pixels(page, '#before'), first)).toBeDefined()
    await page.click('#camera')
    await page.waitForFunction(() => document.querySelector('#camera-text')?.textContent === 'Camera')
    await new Promise((resolve) => setTimeout(resolve, 500))
    await settle(page)
    await expectShown(page, await pixels(page, '#before'), 1)
  })

  test('the divider, the code and the times are worked by keyboard', async () => {
    const page = await visit('#steps=' + encodeURIComponent('[{"filter":"gaussian-blur","sigma":2}]'))
    await drop(page, PHOTO)
    await page.focus('#divider')
    await page.keyboard.press('ArrowRight')
    expect(await page.$eval('#divider', (divider) => divider.getAttribute('aria-valuenow'))).toBe('52')
    await page.keyboard.press('End')
    expect(await page.$eval('#before', (canvas) => getComputedStyle(canvas).clipPath)).toMatch(/^inset\(0(px|%) calc\(0%\)|inset\(0px/)
    expect(await page.$eval('#divider', (divider) => divider.getAttribute('aria-valuetext'))).toBe('100 % before, 0 % after')

    await page.focus('#tab-javascript')
    await page.keyboard.press('ArrowRight')
    expect(await text(page, '#code')).toBe('isopix photo.jpg -o result.png gaussian-blur:sigma=2')
    await page.click('#copy')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('isopix photo.jpg -o result.png gaussian-blur:sigma=2')
    await page.focus('#tab-command')
    await page.keyboard.press('ArrowLeft')
    expect(await text(page, '#code')).toContain('gaussianBlur({ sigma: 2 }),')

    await page.focus('#measure')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => [...document.querySelectorAll('.backend:not([data-backend=auto]) .backend-time')].every((time) => time.textContent !== '–'))
    await page.waitForFunction(() => document.querySelector('#measure')?.textContent === 'Time each')
  })

  test('without isolation workers get copies, and the pixels are the same', async () => {
    const page = await visit('', { url: plain.url })
    expect(await text(page, '#rung-name')).toBe('Threads get copies')
    expect(await page.$eval('#rung', (rung) => rung.getAttribute('title'))).toMatch(/^transfer: memory cannot be shared/)
    const large = makeImage(640, 480, 4, 'opaque-noise', 3)
    await page.goto(`${plain.url}#steps=${encodeURIComponent('[{"filter":"gaussian-blur","sigma":2}]')}`)
    await drop(page, large)
    await expectShown(page, large, 1)
  })

  test('a phone: nothing to scroll sideways, and everything at hand', async () => {
    for (const width of [320, 360, 414]) {
      const page = await visit('', { width, height: 740, phone: true })
      const overflow = () => ({ page: document.documentElement.scrollWidth, window: innerWidth })
      expect(await page.evaluate(overflow)).toEqual({ page: width, window: width })
      const outside = await page.$$eval('button, input, select, .step, pre', (all) =>
        all
          .filter((element) => element.checkVisibility())
          .map((element) => ({ name: element.id || element.className, ...element.getBoundingClientRect().toJSON() }))
          .filter(({ left, right }) => left < 0 || right > innerWidth + 0.5)
          .map(({ name }) => name),
      )
      expect(outside).toEqual([])
      await page.tap('#add')
      await page.waitForSelector('#gallery[open]')
      expect(await page.evaluate(overflow)).toEqual({ page: width, window: width })
    }
  })

  test('whoever does not see the page, or uses no mouse, finds everything by name', async () => {
    const page = await visit('#steps=' + encodeURIComponent('[{"filter":"convolve","kernel":[1,2,1,2,4,2,1,2,1],"scale":16},"gaussian-blur","levels"]'))
    for (const title of await page.$$('.step-title[aria-expanded=false]')) await title.click()
    for (const details of await page.$$('summary')) await details.click()
    const nodes: SerializedAXNode[] = []
    const collect = (node: SerializedAXNode): void => {
      nodes.push(node)
      node.children?.forEach(collect)
    }
    collect((await page.accessibility.snapshot({ interestingOnly: false })) as SerializedAXNode)
    const roles = ['button', 'slider', 'spinbutton', 'textbox', 'combobox', 'switch', 'radio', 'tab', 'searchbox', 'ColorWell', 'image', 'img', 'radiogroup', 'tabpanel', 'region']
    const controls = nodes.filter(({ role }) => roles.includes(role))
    expect(controls.length).toBeGreaterThan(60)
    expect(controls.filter(({ name }) => name === undefined || name.trim() === '')).toEqual([])
    // Nothing that can be worked is without a role.
    const workable = await page.$$eval('button, input, select, summary, [tabindex="0"]', (all) => all.filter((element) => element.checkVisibility()).length)
    expect(controls.length).toBeGreaterThanOrEqual(workable - 10)
    const ids = await page.$$eval('[id]', (all) => all.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    const pointed = await page.$$eval('[for], [aria-labelledby], [aria-describedby], [aria-controls]', (all) =>
      all.flatMap((element) => ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls'].flatMap((name) => element.getAttribute(name)?.split(' ') ?? [])),
    )
    expect(pointed.filter((id) => !ids.includes(id))).toEqual([])
    // The headings form an outline.
    expect((await page.$$eval('h1, h2, h3', (all) => all.filter((one) => one.checkVisibility()).map(({ tagName }) => tagName))).slice(0, 2)).toEqual(['H1', 'H2'])
  })

  test.each(['light', 'dark'])('text has enough contrast with what is behind it (%s)', async (scheme) => {
    const page = await visit('#steps=' + encodeURIComponent('["gaussian-blur",{"filter":"crop","left":0,"top":0,"width":9999,"height":9},"levels"]'), {
      features: { 'prefers-color-scheme': scheme, 'prefers-reduced-motion': 'reduce' },
    })
    await page.waitForSelector('.fault:not([hidden])')
    const poor = await page.evaluate(() => {
      const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D
      type Colour = readonly [number, number, number, number]
      const parse = (colour: string): Colour => {
        context.clearRect(0, 0, 1, 1)
        context.fillStyle = colour
        context.fillRect(0, 0, 1, 1)
        const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data as unknown as Colour
        return [r, g, b, a / 255]
      }
      const over = (top: Colour, below: Colour): Colour => [0, 1, 2, 3].map((i) => (i === 3 ? 1 : (top[i] as number) * top[3] + (below[i] as number) * (1 - top[3]))) as unknown as Colour
      const behind = (element: Element | null): Colour => {
        if (element === null) return [255, 255, 255, 1]
        const own = parse(getComputedStyle(element).backgroundColor)
        return own[3] === 1 ? own : over(own, behind(element.parentElement))
      }
      const luminance = ([r, g, b]: Colour): number => {
        const [x, y, z] = [r, g, b].map((level) => (level <= 10 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number]
        return 0.2126 * x + 0.7152 * y + 0.0722 * z
      }
      const all = [...document.querySelectorAll('body *')].filter(
        (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.matches(':disabled, .unseen, option') && [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
      )
      const ratios = all.map((element) => {
        const background = behind(element)
        const [a, b] = [luminance(over(parse(getComputedStyle(element).color), background)), luminance(background)]
        return { text: element.textContent?.trim().slice(0, 30), ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) }
      })
      return { count: ratios.length, poor: ratios.filter(({ ratio }) => ratio < 4.5) }
    })
    expect(poor.count).toBeGreaterThan(40)
    expect(poor.poor).toEqual([])
  })

  test('the colours follow the system, or the switch', async () => {
    const page = await visit('', { features: { 'prefers-color-scheme': 'dark' } })
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await paper()
    await page.click('#theme')
    expect(await page.$eval('#theme', (button) => button.getAttribute('aria-label'))).toBe('Colours: light')
    const light = await paper()
    expect(light).not.toBe(dark)
    await page.reload()
    expect(await paper()).toBe(light)
    await page.click('#theme')
    expect(await paper()).toBe(dark)
  })
})

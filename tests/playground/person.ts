// What a person does on the page, and sees there.
import type { ElementHandle, Page } from 'puppeteer'
import sharp from 'sharp'
import { compile } from '../../playground/model/chain.js'
import { readLink } from '../../playground/model/link.js'
import type { Step } from '../../src/filters/define.js'
import type { Image } from '../../src/image.js'

/** A page whose complaints are collected. */
export interface Visit {
  readonly page: Page
  readonly complaints: readonly string[]
}

export function listen(page: Page): Visit {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return { page, complaints }
}

/** Waits until nothing is being filtered, and the page has said what came of it. */
export async function settle(page: Page): Promise<void> {
  const isSettled = () =>
    document.querySelector('#view')?.getAttribute('aria-busy') === 'false' &&
    document.querySelector<HTMLElement>('#frame')?.hidden === false &&
    document.querySelector('#status')?.textContent !== ''
  await page.waitForFunction(isSettled)
}

export const text = (page: Page, selector: string): Promise<string> => page.$eval(selector, (element) => element.textContent?.trim() ?? '')

export const texts = (page: Page, selector: string): Promise<string[]> => page.$$eval(selector, (all) => all.map((element) => element.textContent?.trim() ?? ''))

/** The pixels of a canvas as they are shown; exact where they are opaque. */
export async function pixels(page: Page, selector: string): Promise<Image> {
  const { width, height, base64 } = await page.$eval(selector, async (element) => {
    const { width, height } = element as HTMLCanvasElement
    const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D
    context.drawImage(element as HTMLCanvasElement, 0, 0)
    const blob = new Blob([context.getImageData(0, 0, width, height).data])
    const url = await new Promise<string>((resolve) => {
      const reader = new FileReader()
      reader.onload = () => resolve(reader.result as string)
      reader.readAsDataURL(blob)
    })
    return { width, height, base64: url.slice(url.indexOf(',') + 1) }
  })
  return { width, height, channels: 4, data: new Uint8ClampedArray(Buffer.from(base64, 'base64')) }
}

/** Drops a PNG of an image on the page. */
export async function drop(page: Page, image: Image, name = 'photo.png'): Promise<void> {
  await give(page, 'drop', await png(image), name, 'image/png')
  await page.waitForFunction((wanted) => document.querySelector('#picture-name')?.textContent === wanted, {}, name)
  await settle(page)
}

export const png = ({ width, height, channels, data }: Image): Promise<Buffer> => sharp(data, { raw: { width, height, channels } }).png().toBuffer()

/** Gives the page a file as a drop or a paste would. */
export async function give(page: Page, how: 'drop' | 'paste', file: Buffer, name: string, type: string): Promise<void> {
  await page.evaluate(
    (how, base64, name, type) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }))
      const event = how === 'drop' ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }) : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
      document.body.dispatchEvent(event)
    },
    how,
    file.toString('base64'),
    name,
    type,
  )
}

/** Adds a filter from the gallery with the keyboard alone. */
export async function add(page: Page, words: string): Promise<void> {
  await page.focus('#add')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#gallery[open]')
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
  await page.waitForSelector('#gallery:not([open])', { hidden: true })
  await settle(page)
}

/** The control of the parameter with this label, in the nth step. */
export async function control(page: Page, step: number, label: string): Promise<ElementHandle<HTMLElement>> {
  const handle = await page.evaluateHandle(
    (step, label) => {
      const item = document.querySelectorAll('.step')[step - 1]
      const found = [...(item?.querySelectorAll('label') ?? [])].find((element) => element.textContent === label)
      return document.getElementById(found?.htmlFor ?? '')
    },
    step,
    label,
  )
  const element = handle.asElement()
  if (element === null) throw new Error(`step ${step} has no control "${label}"`)
  return element as ElementHandle<HTMLElement>
}

/** The steps that the page's address holds, once it has been written. */
export async function steps(page: Page): Promise<readonly Step[]> {
  await new Promise((resolve) => setTimeout(resolve, 400))
  return compile(readLink(new URL(page.url()).hash) ?? []).steps
}

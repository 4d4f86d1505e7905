// The picture before and after, and the divider between them.
import type { App, Display } from '../app.js'
import { durationText } from '../../src/cli/text.js'
import type { State } from '../state.js'
import { byId, setAttribute, setText } from './dom.js'
import { sizeText, titleOf } from './words.js'

/** Percent that a key moves the divider. */
const KEY = 2
const LARGE_KEY = 10
/** Pictures below this width are shown with their pixels. */
const SMALL = 400

export function stageView(): { readonly display: Display; readonly update: (state: State) => void; readonly connect: (app: App) => void } {
  const view = byId('view')
  const frame = byId('frame')
  const divider = byId('divider')
  const [before, after] = [byId<HTMLCanvasElement>('before'), byId<HTMLCanvasElement>('after')]
  const zoom = byId<HTMLButtonElement>('zoom')
  let split = 50

  const moveDivider = (percent: number): void => {
    split = Math.min(100, Math.max(0, percent))
    frame.style.setProperty('--split', `${split}%`)
    setAttribute(divider, 'aria-valuenow', Math.round(split))
    setAttribute(divider, 'aria-valuetext', `${Math.round(split)} % before, ${Math.round(100 - split)} % after`)
    setAttribute(frame, 'data-edge', split < 14 ? 'left' : split > 86 ? 'right' : undefined)
  }

  const follow = (event: PointerEvent): void => {
    const { left, width } = frame.getBoundingClientRect()
    moveDivider(((event.clientX - left) / width) * 100)
  }

  frame.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    // In full size fingers move the picture, and only the divider itself is dragged.
    if (event.pointerType === 'touch' && isFull() && !divider.contains(event.target as Node)) return
    frame.setPointerCapture(event.pointerId)
    follow(event)
    divider.focus({ preventScroll: true })
    event.preventDefault()
  })
  frame.addEventListener('pointermove', (event) => {
    if (frame.hasPointerCapture(event.pointerId)) follow(event)
  })

  divider.addEventListener('keydown', (event) => {
    const amount = event.shiftKey ? LARGE_KEY : KEY
    const to = { ArrowLeft: split - amount, ArrowDown: split - amount, ArrowRight: split + amount, ArrowUp: split + amount, Home: 0, End: 100 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    moveDivider(to)
  })

  const isFull = (): boolean => view.classList.contains('full')
  zoom.addEventListener('click', () => {
    const full = view.classList.toggle('full')
    zoom.setAttribute('aria-pressed', String(full))
    if (!full) return
    frame.style.setProperty('--density', String(devicePixelRatio))
    view.scrollLeft = (frame.offsetWidth * split) / 100 - view.clientWidth / 2
    view.scrollTop = (frame.offsetHeight - view.clientHeight) / 2
  })

  const draw = (canvas: HTMLCanvasElement, bitmap: ImageBitmap): void => {
    if (canvas.width !== bitmap.width) canvas.width = bitmap.width
    if (canvas.height !== bitmap.height) canvas.height = bitmap.height
    canvas.classList.toggle('small', bitmap.width < SMALL)
    const context = canvas.getContext('bitmaprenderer') as ImageBitmapRenderingContext
    context.transferFromImageBitmap(bitmap)
  }

  moveDivider(split)
  /** The frame has the shape of what was drawn last. */
  const frameFor = ({ width, height }: ImageBitmap, alone: boolean): void => {
    frame.style.setProperty('--width', String(width))
    frame.style.setProperty('--height', String(height))
    setAttribute(frame, 'data-alone', alone)
    frame.hidden = false
  }

  return {
    display: {
      before(bitmap, alone) {
        if (alone) frameFor(bitmap, true)
        draw(before, bitmap)
      },
      after(bitmap) {
        frameFor(bitmap, false)
        draw(after, bitmap)
      },
    },
    connect(app) {
      byId('dismiss').addEventListener('click', () => app.dismiss())
    },
    update({ picture, result, progress, notice, fault, problem, history }) {
      view.setAttribute('aria-busy', String(progress !== undefined))
      setAttribute(byId('progress'), 'data-running', progress !== undefined)
      byId('progress').style.setProperty('--done', String(progress ?? 1))
      setText(byId('picture-name'), picture === undefined ? 'Drawing a sample…' : picture.name)
      setText(byId('picture-size'), picture === undefined ? '' : sizeText(picture))
      byId('notice').hidden = notice === undefined
      setText(byId('notice-text'), notice ?? '')
      const faulty = fault && history.now.find(({ id }) => id === fault.item)
      const stale = faulty !== undefined || problem !== undefined
      setText(
        byId('status'),
        faulty !== undefined
          ? `${titleOf(faulty.filter)} needs another value. The picture is as it ${result === undefined ? 'came' : 'was before'}.`
          : problem !== undefined
            ? problem
            : result === undefined
              ? ''
              : `${sizeText(result)} in ${durationText(result.run.milliseconds)} on ${result.run.backend}`,
      )
      setAttribute(byId('status'), 'data-bad', stale)
    },
  }
}

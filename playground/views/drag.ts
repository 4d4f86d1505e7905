// Reordering a list with a pointer: the element follows, a line shows where it will be, letting go puts it there.
import { setAttribute } from './dom.js'

/** Near the edges of what scrolls, so many pixels a frame. */
const SCROLL = { zone: 48, speed: 10 }

/**
 * @param list Its children have `data-id` and something with `data-grip`.
 * @param onDrop Told the element's id and its new place.
 */
export function dragToReorder(list: HTMLElement, onDrop: (id: number, to: number) => void): void {
  list.addEventListener('pointerdown', (event) => {
    const grip = (event.target as Element).closest('[data-grip]')
    const dragged = grip?.closest<HTMLElement>('[data-id]')
    if (event.button !== 0 || !(grip instanceof HTMLElement) || dragged === null || dragged === undefined) return
    start(event, grip, dragged)
  })

  function start({ pointerId, clientY: startY }: PointerEvent, grip: HTMLElement, dragged: HTMLElement): void {
    const scroller = list.closest<HTMLElement>('[data-scroll]') ?? list
    const startScroll = scroller.scrollTop
    const items = [...list.children] as HTMLElement[]
    const from = items.indexOf(dragged)
    let to = from
    let y = startY
    let frame = 0
    let moving = false

    const place = (): void => {
      const moved = y - startY + scroller.scrollTop - startScroll
      if (!moving && Math.abs(moved) < 4) return
      moving = true
      setAttribute(dragged, 'data-dragged', true)
      dragged.style.transform = `translateY(${moved}px)`
      const others = items.filter((item) => item !== dragged)
      to = others.filter((item) => item.getBoundingClientRect().top + item.offsetHeight / 2 < y).length
      others.forEach((item, index) => setAttribute(item, 'data-drop', index === to ? 'above' : index === others.length - 1 && to === others.length ? 'below' : undefined))
    }
    const scroll = (): void => {
      const { top, bottom } = scroller.getBoundingClientRect()
      if (moving && y < top + SCROLL.zone) scroller.scrollTop -= SCROLL.speed
      if (moving && y > bottom - SCROLL.zone) scroller.scrollTop += SCROLL.speed
      place()
      frame = requestAnimationFrame(scroll)
    }
    const move = (event: PointerEvent): void => {
      y = event.clientY
    }
    const end = (dropped: boolean): void => {
      cancelAnimationFrame(frame)
      for (const item of items) setAttribute(item, 'data-drop', undefined)
      setAttribute(dragged, 'data-dragged', undefined)
      dragged.style.transform = ''
      listening.abort()
      if (dropped && to !== from) onDrop(Number(dragged.dataset['id']), to)
    }
    const listening = new AbortController()
    const { signal } = listening
    grip.setPointerCapture(pointerId)
    grip.addEventListener('pointermove', move, { signal })
    grip.addEventListener('pointerup', () => end(moving), { signal })
    grip.addEventListener('pointercancel', () => end(false), { signal })
    window.addEventListener('keydown', ({ key }) => key === 'Escape' && end(false), { signal })
    frame = requestAnimationFrame(scroll)
  }
}

// A few words for making and changing elements.

type Attribute = string | number | boolean | undefined

/** Makes an element. Functions among the attributes are listeners: `click` and so on. Text becomes text, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Attribute | (() => void)>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value)
    else setAttribute(element, name, value)
  }
  element.append(...children)
  return element
}

/** Sets an attribute where it differs; `true` is the bare attribute, `false` and `undefined` take it away. */
export function setAttribute(element: Element, name: string, value: Attribute): void {
  if (value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name)
    return
  }
  const text = value === true ? '' : String(value)
  if (element.getAttribute(name) !== text) element.setAttribute(name, text)
}

export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text
}

const SVG = 'http://www.w3.org/2000/svg'

export function svg(tag: string, attributes: Record<string, string | number> = {}, ...children: readonly Node[]): SVGElement {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}

/** A picture of the sprite in index.html; what it means is said by the element that holds it. */
export const icon = (name: string): SVGElement =>
  svg('svg', { class: 'icon', 'aria-hidden': 'true', focusable: 'false' }, svg('use', { href: `#icon-${name}` }))

/** An element of index.html. */
export function byId<T extends Element = HTMLElement>(id: string): T {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`there is no element with the id ${id}`)
  return element as Element as T
}

export interface View<T> {
  readonly element: Element
  update(item: T, index: number): void
}

/** Keeps a list of elements in step with a list of items: those that stay are kept, with their focus. */
export function keyed<T>(parent: Element, keyOf: (item: T) => unknown, make: (item: T) => View<T>): (items: readonly T[]) => void {
  let views = new Map<unknown, View<T>>()
  return (items) => {
    const next = new Map(items.map((item) => [keyOf(item), views.get(keyOf(item)) ?? make(item)]))
    for (const [key, { element }] of views) if (!next.has(key)) element.remove()
    const focused = document.activeElement
    ;[...next.values()].forEach(({ element }, index) => {
      if (parent.children[index] !== element) parent.insertBefore(element, parent.children[index] ?? null)
    })
    // An element that is moved loses its focus.
    if (focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) focused.focus({ preventScroll: true })
    items.forEach((item, index) => next.get(keyOf(item))?.update(item, index))
    views = next
  }
}

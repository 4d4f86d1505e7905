// The chain that a person builds: plain data, changed by pure functions.
import { type Definition, type Step, makeStep } from '../../src/filters/define.js'
import { findFilter } from '../../src/filters/index.js'

export interface Item {
  /** Stays the same while the item moves and changes. */
  readonly id: number
  /** The filter's name. */
  readonly filter: string
  /** The value of every parameter; each is accepted by its parameter, all together may still be wrong. */
  readonly values: Readonly<Record<string, unknown>>
  /** Items that are off are left out. */
  readonly on: boolean
}

export type Chain = readonly Item[]

/** Something that is wrong, in words, with the item that it is about. */
export interface Fault {
  readonly item: number
  readonly message: string
}

let lastId = 0

/** @param values Accepted by the filter's parameters. */
export const newItem = (filter: string, values: Item['values'], on = true): Item => ({ id: ++lastId, filter, values, on })

export const itemOf = (step: Step, on = true): Item => newItem(step.filter.name, step.values, on)

export const definitionOf = ({ filter }: Pick<Item, 'filter'>): Definition => findFilter(filter) as Definition

export const remove = (chain: Chain, id: number): Chain => chain.filter((item) => item.id !== id)

export const change = (chain: Chain, id: number, changed: Partial<Omit<Item, 'id'>>): Chain =>
  chain.map((item) => (item.id === id ? { ...item, ...changed } : item))

/** @param to The place that the item is to have; it is brought into the list's range. */
export function move(chain: Chain, id: number, to: number): Chain {
  const item = chain.find((candidate) => candidate.id === id)
  if (item === undefined) return chain
  const rest = remove(chain, id)
  const place = Math.min(Math.max(to, 0), rest.length)
  return [...rest.slice(0, place), item, ...rest.slice(place)]
}

export interface Compiled {
  readonly steps: readonly Step[]
  /** The item of each step. */
  readonly items: readonly number[]
  readonly fault?: Fault
}

/** The steps of the items that are on. Where values do not fit each other there is a fault, and no steps. */
export function compile(chain: Chain): Compiled {
  const on = chain.filter((item) => item.on)
  const steps: Step[] = []
  for (const item of on) {
    try {
      steps.push(makeStep(definitionOf(item), item.values))
    } catch (error) {
      return { steps: [], items: [], fault: { item: item.id, message: withoutPlace((error as Error).message) } }
    }
  }
  return { steps, items: on.map(({ id }) => id) }
}

/** A message without the step that it begins with, for the place where that step is. */
export function withoutPlace(message: string): string {
  const text = message.replace(/^(step \d+, )?[a-z0-9-]+: /i, '')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

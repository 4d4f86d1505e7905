// A chain in the part of an address behind the #: "steps" is JSON as parseSteps reads it, "off" the places that are off.
import { givenOf } from '../../src/cli/text.js'
import { parseSteps } from '../../src/parse-steps.js'
import { type Chain, definitionOf, itemOf } from './chain.js'

/** More than anybody builds by hand; a link may come from anywhere. */
export const MOST_STEPS = 60
const MOST_CHARACTERS = 200_000

/** Parameters that have their default are left out. */
export function chainJson(chain: Chain): string {
  const steps = chain.map((item) => {
    const given = givenOf({ filter: definitionOf(item), values: item.values })
    return given.length === 0 ? item.filter : { filter: item.filter, ...Object.fromEntries(given) }
  })
  return JSON.stringify(steps)
}

export function linkOf(chain: Chain): string {
  const off = chain.flatMap((item, index) => (item.on ? [] : [index + 1]))
  const parts = [`steps=${encodeURIComponent(chainJson(chain))}`, ...(off.length === 0 ? [] : [`off=${off.join('.')}`])]
  return `#${parts.join('&')}`
}

/**
 * The chain of a link; undefined where it holds none.
 * @throws InvalidArgumentError, or another error with a message for people.
 */
export function readLink(hash: string): Chain | undefined {
  if (hash.length > MOST_CHARACTERS) throw new Error(`the link is longer than ${MOST_CHARACTERS} characters`)
  const parts = new URLSearchParams(hash.replace(/^#/, ''))
  const json = parts.get('steps')
  if (json === null) return undefined
  const steps = parseSteps(json)
  if (steps.length > MOST_STEPS) throw new Error(`the link has ${steps.length} steps; this page takes ${MOST_STEPS}`)
  const off = new Set((parts.get('off') ?? '').split('.').map(Number))
  return steps.map((step, index) => itemOf(step, !off.has(index + 1)))
}

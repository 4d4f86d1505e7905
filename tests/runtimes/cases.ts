// What every runtime has to do, and the hash of what comes of it. Node's reference says what that is, so that each runtime is
// held to the same bytes, whatever its own Math thinks.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { referenceBackend } from '../../src/backends/reference.js'
import { BORDERS } from '../../src/border.js'
import { type Definition, type Step, makeStep } from '../../src/filters/define.js'
import { filters } from '../../src/filters/index.js'
import { parseSteps } from '../../src/parse-steps.js'
import { chains } from '../helpers/arbitraries.js'
import { GOLDEN_IMAGE, goldenName, goldenValue } from '../helpers/golden.js'
import { type Recipe, imageOf } from '../helpers/images.js'
import { channelsOf, fits, stepsOf } from '../helpers/steps.js'
import type { Case, Group } from './laws.js'

const SEED = 2026
const CHAINS = 60

/** One pixel, smaller than most windows, ragged to both sides of a vector, long, and longer than kernels take of a row at a time. */
const SHAPES = [[1, 1], [2, 3], [15, 7], [33, 18], [67, 41], [1, 90], [90, 1], [1300, 3], [130, 90]] as const

type Task = Pick<Case, 'group'> & { readonly image: Recipe; readonly steps: readonly Step[] }

/** Every filter, at its defaults and its cases. */
const golden = (definition: Definition): Task[] => stepsOf(definition).map((step) => ({ group: 'golden', image: GOLDEN_IMAGE, steps: [step] }))

function shapes(definition: Definition): Task[] {
  const [steps, channels] = [stepsOf(definition), channelsOf(definition)]
  return SHAPES.map(([width, height], index) => ({
    group: 'shapes',
    image: { width, height, channels: channels[index % channels.length] as 1 | 3 | 4, content: index % 3 === 2 ? 'opaque-noise' : 'noise', seed: index + 1 },
    steps: [steps[index % steps.length] as Step],
  }))
}

function borders(definition: Definition): Task[] {
  if (!('border' in definition.params)) return []
  const input = { ...definition.example, ...definition.cases.at(-1), fill: '#12345678' }
  return BORDERS.flatMap((border) =>
    ([1, 4] as const).filter((channels) => channelsOf(definition).includes(channels)).flatMap((channels) =>
      ([[29, 31], [2, 3]] as const).map(([width, height]): Task => ({
        group: 'borders',
        image: { width, height, channels, content: 'noise', seed: 11 },
        steps: [makeStep(definition, { ...input, border })],
      })),
    ),
  )
}

const randomChains = (): Task[] =>
  fc.sample(chains, { seed: SEED, numRuns: CHAINS }).map(({ recipe, steps }) => ({ group: 'chains', image: recipe, steps }))

/** Every case, in the same order each time. */
export async function makeCases(): Promise<Case[]> {
  const tasks = [...filters.flatMap((definition) => [...golden(definition), ...shapes(definition), ...borders(definition)]), ...randomChains()]
  const cases: Case[] = []
  for (const { group, image, steps } of tasks.filter(({ group, image, steps: [step] }) => group === 'chains' || fits(step as Step, image))) {
    // As the runtime gets them.
    const text = JSON.stringify(steps)
    const { image: result } = await referenceBackend.run({ image: imageOf(image), steps: parseSteps(text) })
    if (group === 'golden' && goldenValue(result) !== HASHES[goldenName(steps[0] as Step)]) throw new Error(`the reference does not give the golden hash of ${text}`)
    cases.push({ group, image, steps: JSON.parse(text), sha256: createHash('sha256').update(result.data).digest('hex') })
  }
  return cases
}

const HASHES = JSON.parse(readFileSync(new URL('../golden/hashes.json', import.meta.url), 'utf8')) as Readonly<Record<string, string>>

export const EVERYTHING: readonly Group[] = ['golden', 'shapes', 'borders', 'chains']

export const only = (cases: readonly Case[], groups: readonly Group[]): readonly Case[] => cases.filter(({ group }) => groups.includes(group))

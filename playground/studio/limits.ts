// What this page refuses before anything is allocated: a chain may come from a link of anybody's.
import { StepError, type Step } from '../../src/index.js'
import type { Image } from '../../src/image.js'
import type { Param } from '../../src/params.js'
import { compile } from '../../src/plan.js'
import { isSize } from '../model/start.js'

/** Larger pictures are refused by canvases here and there. */
const MOST_SIDE = 16384
const MOST_PIXELS = 80_000_000

export const isTooLarge = ({ width, height }: Pick<Image, 'width' | 'height'>): boolean =>
  width > MOST_SIDE || height > MOST_SIDE || width * height > MOST_PIXELS

export const limitText = `${MOST_PIXELS / 1e6} megapixels and ${MOST_SIDE} pixels a side at most`

/** An error with the place of the step that it is about. */
export class PlacedError extends Error {
  readonly step: number

  constructor(step: number, { name, message }: Error) {
    super(message)
    this.name = name
    this.step = step
  }
}

/** @throws PlacedError for the first step that cannot follow those before it, or makes more pixels than the page shows. */
export function checkChain({ width, height, channels }: Image, steps: readonly Step[]): void {
  const source = { width, height, channels, format: 'u8' } as const
  steps.forEach((step, index) => {
    try {
      checkSides(step)
      const { nodes } = compile(steps.slice(0, index + 1), source, false)
      const large = nodes.find(({ shape }) => isTooLarge(shape))?.shape
      if (large !== undefined) throw new StepError(`the picture would have ${large.width} × ${large.height} pixels here; this page takes ${limitText}`)
    } catch (error) {
      throw new PlacedError(index, error as Error)
    }
  })
}

/** A plan holds weights for every row and column of a resized picture, so that sizes are looked at before there is one. */
function checkSides({ filter, values }: Step): void {
  const sides = Object.keys(filter.params).filter((name) => isSize(filter.params[name] as Param<unknown>))
  const large = sides.find((name) => (values[name] as number) > MOST_SIDE)
  if (large !== undefined) throw new StepError(`${large} is ${String(values[large])}; this page takes ${limitText}`)
}

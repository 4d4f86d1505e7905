// The registry: one import and one entry a filter. Tools read it (command line, documentation, tests,
// benchmarks); the engine does not, since every step carries its definition.
import { brightness } from './brightness.js'
import { crop } from './crop.js'
import type { Definition, Filter } from './define.js'
import { equalize } from './equalize.js'
import { gaussianBlur } from './gaussian-blur.js'
import { invert } from './invert.js'
import { luminance } from './luminance.js'
import { sepia } from './sepia.js'
import { sobel } from './sobel.js'
import { threshold } from './threshold.js'
import { unsharpMask } from './unsharp-mask.js'

export const factories = {
  invert,
  brightness,
  threshold,
  luminance,
  sepia,
  gaussianBlur,
  unsharpMask,
  sobel,
  crop,
  equalize,
}

/** Every filter, in the order in which the documentation shows them. */
export const filters: readonly Definition[] = Object.values(factories).map((filter) => (filter as unknown as Filter).definition)

/** The definition with this name, if there is one. */
export const findFilter = (name: string): Definition | undefined => filters.find((filter) => filter.name === name)

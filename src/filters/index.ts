// The registry as data. Tools read it (command line, documentation, tests, benchmarks); the engine does not, since
// every step carries its definition.
import type { Definition, Filter } from './define.js'
import * as factories from './factories.js'

/** Every filter, by name. */
export const filters: readonly Definition[] = (Object.values(factories) as unknown as readonly Filter[])
  .map(({ definition }) => definition)
  .sort((a, b) => (a.name < b.name ? -1 : 1))

/** The definition with this name, if there is one. */
export const findFilter = (name: string): Definition | undefined => filters.find((filter) => filter.name === name)

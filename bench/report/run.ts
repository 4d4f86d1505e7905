import type { Machine } from '../machine.js'

/** What a run of the benchmark found: the JSON that it writes, and that the report and the README are made from. */
export interface Run {
  readonly machine: Machine
  /** What each section measured, by its name. */
  readonly sections: Readonly<Record<string, unknown>>
}

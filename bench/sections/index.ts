import type { Section } from '../section.js'
import { chains } from './chains.js'
import { filters } from './filters.js'
import { peers } from './peers.js'

/** The parts of the benchmark, in the order of the report. */
export const SECTIONS: readonly Section[] = [peers, filters, chains]

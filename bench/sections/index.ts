import type { Section } from '../section.js'
import { gpu } from './gpu.js'
import { peers } from './peers.js'

/** The parts of the benchmark, in the order of the report. */
export const SECTIONS: readonly Section[] = [peers, gpu]

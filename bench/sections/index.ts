import type { Section } from '../section.js'
import { chains } from './chains.js'
import { copies } from './copies.js'
import { crossover } from './crossover.js'
import { filters } from './filters.js'
import { first } from './first.js'
import { gpu } from './gpu.js'
import { peers } from './peers.js'
import { radius } from './radius.js'
import { regret } from './regret.js'
import { roofline } from './roofline.js'
import { sizes } from './sizes.js'
import { small } from './small.js'
import { threads } from './threads.js'

/** The parts of the benchmark, in the order of the report. */
export const SECTIONS: readonly Section[] = [peers, filters, chains, copies, roofline, sizes, radius, threads, small, first, crossover, gpu, regret]

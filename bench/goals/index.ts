// What a run says of the goals of speed, and what there is to say of those that it misses.
import type { Table } from '../report/chart.js'
import type { Run } from '../report/run.js'
import { digits } from '../report/text.js'
import { type RooflineData, limitsIn } from '../sections/roofline.js'
import { BESIDE_OTHERS } from './beside-others.js'
import { DISPATCHER } from './dispatcher.js'
import type { Finding, Goal } from './goal.js'
import { ITSELF } from './itself.js'
import { TRIED } from './tried.js'

export interface Verdict {
  readonly goal: string
  /** Absent where the run did not measure it. */
  readonly finding?: Finding
}

const GOALS: readonly Goal[] = [...BESIDE_OTHERS, ...ITSELF, ...DISPATCHER]

export const verdictsOf = (run: Run): readonly Verdict[] =>
  GOALS.map(({ text: goal, judge }) => {
    const finding = judge(run)
    return finding === undefined ? { goal } : { goal, finding }
  })

/** The goals, what falls short of them and how far it is from what the machine can do, and what was tried. None where a run measured no goal. */
export function goalTables(run: Run): readonly Table[] {
  const verdicts = verdictsOf(run)
  if (verdicts.every(({ finding }) => finding === undefined)) return []
  const missed = verdicts.flatMap(({ goal, finding }) => (finding === undefined || finding.met ? [] : [{ goal, misses: finding.misses }]))
  const roofline = run.sections['roofline'] as RooflineData | undefined
  const limits = roofline === undefined ? undefined : limitsIn(roofline)
  const tables: readonly Table[] = [
    {
      title: 'Goals',
      columns: ['goal', 'in this run', ''],
      rows: verdicts.map(({ goal, finding }) => [goal, finding?.found ?? 'not measured', finding === undefined ? '' : finding.met ? 'met' : 'not met']),
    },
    {
      title: 'What falls short, and how far it is from the limits of the machine',
      columns: ['goal', 'steps', 'in this run', 'times the least time', 'bound by'],
      rows: missed.flatMap(({ goal, misses }) =>
        misses.map(({ steps, workload = steps, found }, index) => {
          const limit = limits?.get(workload)
          return [index === 0 ? goal : '', steps, found, limit === undefined ? '' : digits(limit.times), limit?.by ?? '']
        }),
      ),
    },
    {
      title: 'What was tried where it falls short',
      columns: ['steps', 'tried', 'gained', ''],
      rows: triesOf(missed.flatMap(({ goal, misses }) => [goal, ...misses.map(({ steps }) => steps)])),
    },
  ]
  return tables.filter(({ rows }) => rows.length > 0)
}

/** With the first of the names that each is about. */
const triesOf = (names: readonly string[]): Table['rows'] =>
  TRIED.flatMap(({ about, what, gained, outcome }) => {
    const [name, ...others] = new Set(names.filter((one) => about.test(one)))
    return name === undefined ? [] : [[others.length > 0 ? `${name}, …` : name, what, gained, outcome]]
  })

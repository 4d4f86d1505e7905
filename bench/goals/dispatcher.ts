import { geometricMean } from '../report/text.js'
import type { Run } from '../report/run.js'
import { type RegretData, regretsIn } from '../sections/regret.js'
import { type Finding, type Goal, noRow } from './goal.js'

const rowsOf = ({ sections }: Run, value: (regrets: readonly number[]) => number): readonly { steps: string; value: number }[] => {
  const data = sections['regret'] as RegretData | undefined
  return data === undefined ? [] : regretsIn(data).map(({ choice, regrets }) => ({ steps: choice, value: value(regrets.map(({ regret }) => regret)) }))
}

const mean = (run: Run): Finding | undefined => noRow(rowsOf(run, geometricMean), 1.05)
const worst = (run: Run): Finding | undefined => noRow(rowsOf(run, (regrets) => Math.max(...regrets)), 1.3)

export const DISPATCHER: readonly Goal[] = [
  { text: 'what the dispatcher chooses takes at most 1.05 times as long as the best, over the geometric mean', judge: mean },
  { text: 'and at most 1.3 times at worst', judge: worst },
]

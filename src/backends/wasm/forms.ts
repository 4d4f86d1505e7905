import type { Rows } from '../../border.js'
import type { Step } from '../../filters/define.js'
import { type Plan, compile } from '../../plan.js'
import type { Shape } from '../../stage.js'
import { type Phase, phases } from './phases.js'
import { rowsOf, rowsRead } from './strips.js'

/** A phase and the plan that it is a part of. */
export interface Form {
  readonly phase: Phase
  readonly plan: Plan
}

/** A phase, and its other form for opaque pixels, where there is one: strips take the one that fits their input. */
export interface PhaseForms {
  readonly general: Form
  readonly opaque: Form | undefined
}

/** The phases of a chain, in order, and the shape of what they make in the end. */
export interface Forms {
  readonly forms: readonly PhaseForms[]
  /** The rows of the source that are read at all: where it is cropped, the others need not be there. */
  readonly source: Rows
  readonly result: Shape
}

export function formsOf(steps: readonly Step[], source: Shape): Forms {
  const plan = compile(steps, source, false)
  let forms = formsOfPlan.get(plan)
  if (forms === undefined) formsOfPlan.set(plan, (forms = makeForms(plan, compile(steps, source, true))))
  return forms
}

/** Plans are kept (src/plan.ts), and so are their forms. */
const formsOfPlan = new WeakMap<Plan, Forms>()

function makeForms(plan: Plan, opaquePlan: Plan): Forms {
  const opaque = phases(opaquePlan)
  // Strips take either form, so that the images between phases have to be the same in both: premultiplied pixels, kept
  // for a wrapped border, are not.
  const inStep = imagesBetween(opaquePlan) === imagesBetween(plan)
  const forms = phases(plan).map((phase, index): PhaseForms => {
    const other = inStep ? opaque[index] : undefined
    const differs = other !== undefined && kernelsOf(other) !== kernelsOf(phase)
    return { general: { phase, plan }, opaque: differs ? { phase: other, plan: opaquePlan } : undefined }
  })
  return { forms, source: sourceRows(forms, plan.source.height), result: (plan.nodes[plan.result] as Plan['nodes'][number]).shape }
}

/** Which image a node of the plan is: 0 is the source, 1 what the first phase makes, and so on. */
export function imageIndex(plan: Plan, node: number): number {
  return node === 0 ? 0 : phases(plan).findIndex(({ sink }) => sink === node) + 1
}

/** The shape of what a phase makes, and the reduction that it is, if it is one. */
export const sinkOf = ({ phase, plan }: Form): Plan['nodes'][number] => plan.nodes[phase.sink] as Plan['nodes'][number]

function sourceRows(forms: readonly PhaseForms[], height: number): Rows {
  // Steps that come to nothing leave the source as the result.
  if (forms.length === 0) return { from: 0, to: height }
  const read = forms.flatMap((form) => rowsOfSource(form, 0, rowsOf(form.general.phase)) ?? [])
  return { from: Math.min(...read.map(({ from }) => from)), to: Math.max(...read.map(({ to }) => to)) }
}

/** The rows of the source that rows y0 to y1 - 1 of a phase are made from, in either form. */
function rowsOfSource({ general, opaque }: PhaseForms, y0: number, y1: number): Rows | undefined {
  const [rows, ...others] = [general, ...(opaque === undefined ? [] : [opaque])].flatMap(({ phase }) => rowsRead(phase, y0, y1).get(0) ?? [])
  return rows && others.reduce((all, { from, to }) => ({ from: Math.min(all.from, from), to: Math.max(all.to, to) }), rows)
}

/** A strip of a phase: its rows, and up to which row it needs the source. */
export interface Strip extends Rows {
  readonly index: number
  readonly needs: number
}

/** The strips of a phase, in the order in which they can be made while the source comes in from above. */
export function stripsBySource(forms: PhaseForms, rowsPerStrip: number): readonly Strip[] {
  const rows = rowsOf(forms.general.phase)
  return Array.from({ length: Math.ceil(rows / rowsPerStrip) }, (_, index) => {
    const from = index * rowsPerStrip
    const to = Math.min(from + rowsPerStrip, rows)
    return { index, from, to, needs: rowsOfSource(forms, from, to)?.to ?? 0 }
  }).sort((a, b) => a.needs - b.needs)
}

/** Whether a strip of the phase reads all of its input. */
export const readsWhole = ({ stages }: Phase): boolean => stages.some(({ stage: { wholeInput } }) => wholeInput)

/** The shapes of the images that a plan's phases make. */
const imagesBetween = (plan: Plan): string => JSON.stringify(phases(plan).map((phase) => sinkOf({ phase, plan }).shape))

/** The names of a phase's kernels: phases that do without alpha have others, or fewer. */
const kernelsOf = ({ stages }: Phase): string => stages.map(({ stage }) => stage.kernel).join(' ')

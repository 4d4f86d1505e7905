import { type Node, type Plan, isReduced } from '../../plan.js'
import type { Slot, Stage } from '../../stage.js'

const known = new WeakMap<Plan, Plan>()

/** The plan with what its stages say a GPU should do instead of them. */
export function forGpu(plan: Plan): Plan {
  const found = known.get(plan) ?? replaced(plan)
  known.set(plan, found)
  return found
}

function replaced(plan: Plan): Plan {
  if (!plan.nodes.some(({ stage }) => stage.gpu !== undefined)) return plan
  const nodes: Node[] = []
  /** Where each node of the plan is now. */
  const places: number[] = []
  const place = (node: number): number => (node < 0 ? node : (places[node] as number))
  for (const node of plan.nodes) {
    let input = place(node.input)
    for (const stage of node.stage.gpu ?? [node.stage]) {
      nodes.push({ stage: withPlaces(stage, place), input, join: place(node.join), shape: { ...node.shape, ...stage.shape } })
      input = nodes.length - 1
    }
    places.push(nodes.length - 1)
  }
  return { ...plan, nodes, result: place(plan.result) }
}

function withPlaces(stage: Stage, place: (node: number) => number): Stage {
  const moved = (slot: Slot): Slot => (isReduced(slot) ? { reduction: place(slot.reduction) } : slot)
  return { ...stage, params: Object.fromEntries(Object.entries(stage.params ?? {}).map(([name, slot]) => [name, moved(slot)])) }
}

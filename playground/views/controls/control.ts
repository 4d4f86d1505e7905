// A control for a parameter, made from its definition.
import type { Param } from '../../../src/params.js'
import { isLevels } from '../../model/tables.js'
import { choiceControl } from './choice.js'
import { colorControl } from './color.js'
import { gridControl } from './grid.js'
import { levelsControl } from './levels.js'
import { numberControl } from './number.js'

export interface ControlContext {
  /** The values of all parameters of the step. */
  readonly values: Readonly<Record<string, unknown>>
  readonly reach: number
  /** The step's id. */
  readonly id: number
}

export interface Control {
  readonly element: HTMLElement
  update(context: ControlContext): void
}

/** Takes values that the parameters accept. */
export type Set = (values: Record<string, unknown>) => void

export function controlFor(name: string, param: Param<unknown>, set: Set): Control {
  switch (param.kind) {
    case 'number':
    case 'integer':
      return numberControl(name, param, set)
    case 'choice':
      return choiceControl(name, param, set)
    case 'color':
      return colorControl(name, param, set)
    case 'list':
      return listControl(name, param, set)
  }
}

/** A table of levels is a curve, any other list a grid: which one it is shows with the first value. */
function listControl(name: string, param: Param<unknown>, set: Set): Control {
  const element = document.createElement('div')
  let inner: Control | undefined
  return {
    element,
    update(context) {
      if (inner === undefined) {
        inner = isLevels(context.values[name] as readonly number[]) ? levelsControl(name, param, set) : gridControl(name, param, set)
        element.append(inner.element)
      }
      inner.update(context)
    },
  }
}

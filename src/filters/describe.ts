import type { Definition } from './define.js'

/** Everything about a filter that a program may ask for, as plain data. */
export function describeFilter({ name, summary, details, params }: Definition): object {
  const described = Object.entries(params).map(([key, param]) => {
    const { accept: _accept, fromText: _fromText, ...rest } = param
    return [key, rest]
  })
  return { name, summary, ...(details === undefined ? {} : { details }), params: Object.fromEntries(described) }
}

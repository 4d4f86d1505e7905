// What only tools read of the filters' definitions (sentences for people, parameters to test) stays out of the bundle for pages.
import { readFileSync } from 'node:fs'
import { transform } from 'esbuild'
import { parseAst } from 'rollup/parseAst'

/** Properties, and what stands for their values. Only what is written out there and then is replaced. */
const REPLACED = {
  summary: { type: isText, by: "''" },
  details: { type: isText, by: "''" },
  cases: { type: ({ type }) => type === 'ArrayExpression', by: '[]' },
}

/** A plugin for esbuild. */
export const withoutProse = {
  name: 'without-prose',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/](filters[\\/].*|params)\.ts$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, 'utf8'), { loader: 'ts', target: 'esnext' })
      return { contents: strip(code), loader: 'js' }
    })
  },
}

/** JavaScript without the values of those properties. */
function strip(code) {
  let rest = code
  // From the end, so that places before it stay where they are.
  for (const { start, end, by } of valuesIn(parseAst(code)).reverse()) rest = rest.slice(0, start) + by + rest.slice(end)
  return rest
}

/** Where those values are, in order. */
function valuesIn(node) {
  if (Array.isArray(node)) return node.flatMap(valuesIn)
  if (node === null || typeof node !== 'object') return []
  const replaced = node.type === 'Property' && !node.computed ? REPLACED[node.key.name] : undefined
  if (replaced?.type(node.value)) return [{ start: node.value.start, end: node.value.end, by: replaced.by }]
  return Object.values(node).flatMap(valuesIn)
}

function isText({ type, value, operator, left, right }) {
  if (type === 'BinaryExpression') return operator === '+' && isText(left) && isText(right)
  return type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string')
}

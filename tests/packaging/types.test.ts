// Projects in TypeScript that use the packed package. They check its declarations too.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { install, pack, tools } from './tarball.js'

const project = install(pack(), 'types')
const STRICT = { strict: true, skipLibCheck: false, noEmit: true, target: 'es2022', typeRoots: [join(tools, '@types')] }
const NODENEXT = { ...STRICT, module: 'nodenext' }
const BUNDLER = { ...STRICT, module: 'esnext', moduleResolution: 'bundler' }

test.each([
  ['nodenext, without the DOM and types of WebGPU', { ...NODENEXT, lib: ['es2022'], types: [] }, ['anywhere.ts', 'required.cts']],
  ['nodenext, for Node', { ...NODENEXT, lib: ['es2022'], types: ['node'] }, ['anywhere.ts', 'with-node.ts', 'required.cts']],
  ['nodenext, for Node and pages', { ...NODENEXT, types: ['node'] }, ['anywhere.ts', 'with-dom.ts', 'with-node.ts', 'required.cts']],
  ['bundler, without the DOM and types of WebGPU', { ...BUNDLER, lib: ['es2022'], types: [] }, ['anywhere.ts']],
  ['bundler, for pages', { ...BUNDLER, lib: ['es2022', 'dom'], types: [] }, ['anywhere.ts', 'with-dom.ts']],
  ['bundler, for workers', { ...BUNDLER, lib: ['es2022', 'webworker'], types: [] }, ['anywhere.ts']],
])('%s', (_, compilerOptions, files) => {
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const { stdout } = spawnSync(process.execPath, [join(tools, 'typescript/bin/tsc'), '-p', project], { cwd: project, encoding: 'utf8' })
  expect(stdout).toBe('')
})

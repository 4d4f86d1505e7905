// Checks pool.pml with spin: every configuration in full, and that each seeded defect is found.
// node protocol/check.mjs [words of a name]. Exit code 1: something is wrong; 2: spin or gcc is missing.
import { execFile, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const model = new URL('pool.pml', import.meta.url)
const run = promisify(execFile)

/**
 * What has to hold. 2 workers, 2 jobs and 2 strips each, where nothing else is said; runs in which nobody dies and nothing is
 * aborted are among those in which somebody may. `ends`: no run goes on for ever.
 */
const HOLDS = [
  { name: 'three strips', flags: ['STRIPS=3'] },
  { name: 'news of every strip', flags: ['TELLS'] },
  { name: 'an interactive and a batch job', flags: ['MIXED'] },
  { name: 'shares of an interactive and a batch job', flags: ['MIXED', 'SHARES', 'WORKERS=1', 'STRIPS=3'] },
  { name: 'abort', flags: ['ABORTS=1'] },
  { name: 'abort and crash', flags: ['ABORTS=1', 'CRASHES=1', 'STRIPS=1'] },
  { name: 'crash', flags: ['CRASHES=1'] },
  { name: 'crash, with news of every strip', flags: ['TELLS', 'CRASHES=1'] },
  { name: 'crash, with priorities', flags: ['MIXED', 'CRASHES=1', 'STRIPS=1'] },
  { name: 'crashes until a job fails', flags: ['CRASHES=2', 'MAX_DEATHS=2', 'JOBS=1'] },
  { name: 'workers that may never start are given up', flags: ['STILLBORN', 'MAX_FAILURES=1'] },
  { name: 'crashes where workers are given up', flags: ['MAX_FAILURES=0', 'CRASHES=2', 'JOBS=1'] },
  { name: 'crashes where a worker cannot be replaced', flags: ['MAX_FAILURES=1', 'CRASHES=2', 'STARTS=2', 'STRIPS=1'] },
  { name: 'strips that are opened one by one, and drained', flags: ['FEEDS', 'DRAINS', 'TELLS'] },
  { name: 'abort while strips are opened', flags: ['FEEDS', 'DRAINS', 'TELLS', 'ABORTS=1'] },
  { name: 'crash while strips are opened', flags: ['FEEDS', 'DRAINS', 'TELLS', 'CRASHES=1', 'JOBS=1'] },
  { name: 'crashes until a job fails whose strips are opened', flags: ['FEEDS', 'DRAINS', 'TELLS', 'CRASHES=2', 'MAX_DEATHS=2', 'JOBS=1'] },
  { name: 'strips are opened where workers may never start', flags: ['FEEDS', 'STILLBORN', 'MAX_FAILURES=1', 'JOBS=1'] },
  { name: 'close while strips are opened', flags: ['FEEDS', 'DRAINS', 'TELLS', 'CLOSE_EARLY', 'JOBS=1'] },
  { name: 'close during calls', flags: ['CLOSE_EARLY'] },
  { name: 'no run goes on for ever', flags: ['JOBS=1', 'ABORTS=1', 'CRASHES=1', 'STRIPS=1'], ends: true },
  { name: 'no run goes on for ever where workers never start', flags: ['STILLBORN', 'MAX_FAILURES=1', 'JOBS=1', 'STRIPS=1'], ends: true },
]

/** What spin has to find, if the model is any good. OLD_: defects that the pool once had. */
const DEFECTS = [
  { name: 'a strip is taken first and claimed afterwards', flags: ['OLD_TAKE', 'CRASHES=1'] },
  { name: 'a strip is marked done first and counted afterwards', flags: ['OLD_DONE', 'TELLS', 'CRASHES=1'] },
  { name: 'a strip is counted first and marked done afterwards', flags: ['OLD_DONE_TWICE', 'TELLS', 'CRASHES=1'] },
  { name: 'a worker looks at STOP before it reads WAKE', flags: ['OLD_STOP'] },
  { name: 'a worker reads WAKE after it looked for strips', flags: ['BAD_WAKE'] },
  { name: 'a worker reads what to run before it has a strip', flags: ['BAD_PARAMS'] },
  { name: 'strips are free before it is said what to run', flags: ['BAD_PUBLISH'] },
  { name: 'an aborted call does not wait for strips in hand', flags: ['BAD_CANCEL', 'ABORTS=1'] },
  { name: 'an aborted job closes without marking its strips', flags: ['BAD_CLOSE', 'ABORTS=1'] },
  { name: 'a dead worker is replaced before its strip is freed', flags: ['BAD_ORDER', 'CRASHES=1'] },
  { name: 'a worker looks whether strips are left before it marks its own done', flags: ['BAD_LAST'] },
  { name: 'a death does not ring the bells', flags: ['BAD_BELL', 'CRASHES=1'] },
  { name: 'nobody takes the place of a worker that cannot be replaced', flags: ['OLD_REPLACE', 'WORKERS=1', 'MAX_FAILURES=1', 'CRASHES=1', 'STARTS=1'] },
  { name: 'strips that are opened wake nobody', flags: ['BAD_FEED', 'FEEDS'] },
  { name: 'strips are opened for workers that do not live', flags: ['BAD_FEED_ALONE', 'FEEDS', 'STILLBORN', 'MAX_FAILURES=1'] },
  { name: 'an aborted job leaves strips held', flags: ['BAD_HELD', 'FEEDS', 'ABORTS=1'] },
  { name: 'a strip is opened though its job was stopped', flags: ['BAD_OPEN', 'FEEDS', 'CLOSE_EARLY'] },
  { name: 'a call does not look whether any worker lives', flags: ['BAD_ALONE', 'STILLBORN', 'MAX_FAILURES=1'] },
]

/** Compiles and runs one configuration; returns what spin's verifier says. */
async function verify({ kind, flags, ends = false }) {
  const cwd = mkdtempSync(join(tmpdir(), 'isopix-spin-'))
  const defines = flags.map((flag) => `-D${flag}`)
  try {
    copyFileSync(model, join(cwd, 'pool.pml'))
    await run('spin', [...defines, '-a', 'pool.pml'], { cwd })
    // Defects are found soon: compiling takes longer than looking.
    await run('gcc', ['-w', kind === 'defect' ? '-O0' : '-Og', ends ? '-DNP' : '-DSAFETY', '-DMEMLIM=4000', '-o', 'pan', 'pan.c'], { cwd })
    const { stdout } = await run(join(cwd, 'pan'), ['-m100000', '-n', ...(ends ? ['-l'] : [])], { cwd, maxBuffer: 2 ** 24 })
    const errors = Number(/errors: (\d+)/.exec(stdout)?.[1])
    const states = Number(/(\d+) states, stored/.exec(stdout)?.[1])
    const isComplete = !/Search not completed|max search depth too small/.test(stdout)
    const found = /pan:1: (.*) \(at depth/.exec(stdout)?.[1]
    return { errors, states, isComplete, found, steps: errors > 0 ? await replay(defines, cwd) : [] }
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

/** The last steps of the run that spin found to be wrong. */
async function replay(defines, cwd) {
  const { stdout } = await run('spin', [...defines, '-t', '-p', 'pool.pml'], { cwd, maxBuffer: 2 ** 26 })
  const steps = stdout.split('\n').filter((line) => /^ *\d+:\tproc/.test(line) && !/\[(else|\.\(goto\)|DO|IF|break|goto)/.test(line))
  return steps.slice(-60)
}

async function checkOne(configuration) {
  const { kind, name } = configuration
  const { errors, states, isComplete, found, steps } = await verify(configuration)
  const isRight = kind === 'holds' ? errors === 0 && isComplete && states > 0 : errors > 0
  const verdict = errors > 0 ? found : isComplete ? 'holds' : 'not searched to the end'
  console.log(`${isRight ? 'ok   ' : 'WRONG'}  ${kind === 'holds' ? 'holds' : 'found'}  ${name}: ${verdict}; ${states} states`)
  if (!isRight) for (const step of steps) console.log(`         ${step}`)
  return isRight
}

for (const [tool, flag] of [['spin', '-V'], ['gcc', '--version']]) {
  if (spawnSync(tool, [flag]).error === undefined) continue
  console.log(`${tool} is missing; on Debian: apt-get install spin gcc libc6-dev`)
  process.exit(2)
}

const asked = process.argv.slice(2).join(' ')
const waiting = [...HOLDS.map((one) => ({ kind: 'holds', ...one })), ...DEFECTS.map((one) => ({ kind: 'defect', ...one }))].filter(({ name }) => name.includes(asked))
if (waiting.length === 0) throw new Error(`no configuration is called "${asked}"`)
let wrong = 0
await Promise.all(
  Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) if (!(await checkOne(next))) wrong++
  }),
)
process.exitCode = wrong === 0 ? 0 : 1

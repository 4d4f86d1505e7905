// WebKit, as Debian has it: GTK's small browser on a display that nobody sees, driven by the WebDriver protocol.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

const DRIVER = '/usr/bin/WebKitWebDriver'
const DISPLAY = '/usr/bin/xvfb-run'
/** What xvfb-run needs. */
const XAUTH = '/usr/bin/xauth'
const BROWSER = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-4.1/MiniBrowser`
/** How long the driver may take to start. */
const START_MS = 30_000
const SCRIPT_MS = 600_000

/** What is not there of what WebKit needs, in words; undefined where all is. */
export function missingOfWebkit(): string | undefined {
  const absent = [DRIVER, BROWSER, DISPLAY, XAUTH].filter((path) => !existsSync(path))
  return absent.length === 0 ? undefined : `there is no ${absent.join(', no ')}; they are in Debian's packages webkit2gtk-driver, xvfb and xauth`
}

export interface Webkit {
  readonly version: string
  readonly pid: number
  goto(url: string): Promise<void>
  /** The value of an expression, or what it resolves to, as JSON has it. */
  evaluate(expression: string): Promise<unknown>
  close(): Promise<void>
}

/** @param sharesMemory Whether isolated pages may share memory with their workers, which GTK's WebKit leaves out unless it is told so. */
export async function launchWebkit(sharesMemory: boolean): Promise<Webkit> {
  const port = await freePort()
  // Of a process group of its own, so that the display ends with the driver.
  const driver = spawn(DISPLAY, ['--auto-servernum', DRIVER, `--port=${port}`], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', ...(sharesMemory ? { JSC_useSharedArrayBuffer: '1' } : {}) },
  })
  const pid = driver.pid as number
  const end = async (): Promise<void> => {
    const ended = new Promise((resolve) => driver.once('exit', resolve))
    process.kill(-pid, 'SIGTERM')
    await ended
  }

  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    const { value } = (await response.json()) as { value: unknown }
    if (!response.ok) throw new Error(`WebKit: ${method} ${path}: ${JSON.stringify(value)}`)
    return value
  }

  try {
    await started(() => ask('GET', '/status'))
    const options = { binary: BROWSER, args: ['--automation'] }
    const { sessionId, capabilities } = (await ask('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options, timeouts: { script: SCRIPT_MS } } },
    })) as { sessionId: string; capabilities: { browserVersion: string } }
    const session = `/session/${sessionId}`
    return {
      version: capabilities.browserVersion,
      pid,
      goto: async (url) => void (await ask('POST', `${session}/url`, { url })),
      async evaluate(expression) {
        const script = `const done = arguments[0]; Promise.resolve(${expression}).then((value) => done({ value }), (error) => done({ error: String(error) }))`
        const answer = (await ask('POST', `${session}/execute/async`, { script, args: [] })) as { value?: unknown; error?: string }
        if (answer.error !== undefined) throw new Error(answer.error)
        return answer.value
      },
      async close() {
        try {
          await ask('DELETE', session)
        } finally {
          await end()
        }
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

async function started(ask: () => Promise<unknown>): Promise<void> {
  for (const start = performance.now(); ; ) {
    try {
      await ask()
      return
    } catch (error) {
      if (performance.now() - start > START_MS) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** A port that nobody listens on, for a program that has to be told one. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

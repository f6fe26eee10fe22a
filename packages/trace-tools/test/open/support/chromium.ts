// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'

export const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome']

/** The first Chromium on PATH. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return chromiumNames.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A page in a real browser. */
export interface BrowserPage {
  /** What an expression is there; `await` works. It runs as if a person had clicked. */
  evaluate<Value>(expression: string): Promise<Value>
  /** Waits until an expression is true there. */
  becomes(expression: string): Promise<void>
  /** What went wrong there: exceptions that nobody caught, and what its security policy has blocked. */
  readonly troubles: readonly string[]
}

interface Message {
  readonly id?: number
  readonly sessionId?: string
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly result?: Record<string, unknown>
  readonly error?: { readonly message: string }
}

/** A headless Chromium, and pages in it that share nothing. */
export interface Chromium extends AsyncDisposable {
  /** @param downloads Where files go that the page saves. */
  open(address: string, downloads: string): Promise<BrowserPage>
}

/**
 * Starts a Chromium with a profile of its own.
 *
 * @param profile An empty folder.
 */
export async function startChromium(command: string, profile: string): Promise<Chromium> {
  const { send, listen, end } = await connectTo(command, profile)
  return {
    async open(address, downloads) {
      const { browserContextId } = await send('Target.createBrowserContext')
      const { targetId } = await send('Target.createTarget', { url: 'about:blank', browserContextId })
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true })
      await send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads, browserContextId })
      const inPage = (method: string, params: object = {}) => send(method, params, String(sessionId))
      const troubles: string[] = []
      listen((message) => {
        if (message.sessionId === sessionId) troubles.push(...troubleOf(message))
      })
      for (const domain of ['Runtime', 'Log', 'Page']) await inPage(`${domain}.enable`)
      await inPage('Page.navigate', { url: address })
      const page = createPage(inPage, troubles)
      await page.becomes(`document.readyState !== 'loading'`)
      return page
    },
    [Symbol.asyncDispose]: end,
  }
}

type Send = (method: string, params?: object, sessionId?: string) => Promise<Record<string, unknown>>

function createPage(send: Send, troubles: readonly string[]): BrowserPage {
  async function evaluate<Value>(expression: string): Promise<Value> {
    const options = { awaitPromise: true, returnByValue: true, userGesture: true }
    const answer = await send('Runtime.evaluate', { expression, ...options })
    const { result, exceptionDetails } = answer as { result: { value: Value }; exceptionDetails?: { text: string } }
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${exceptionDetails.text}`)
    return result.value
  }
  return {
    evaluate,
    troubles,
    async becomes(expression) {
      const deadline = performance.now() + 20_000
      while (!(await evaluate<boolean>(`Boolean(${expression})`))) {
        if (performance.now() > deadline) throw new Error(`never true: ${expression}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
  }
}

function troubleOf({ method, params }: Message): string[] {
  if (method === 'Runtime.exceptionThrown') return [JSON.stringify(params)]
  const entry = params?.entry as { source: string; text: string } | undefined
  return method === 'Log.entryAdded' && entry?.source === 'security' ? [entry.text] : []
}

/** Speaks the DevTools protocol: https://chromedevtools.github.io/devtools-protocol/ */
async function connectTo(command: string, profile: string) {
  const flags = ['--headless=new', '--remote-debugging-port=0', '--no-first-run', '--disable-gpu']
  // Chromium refuses to run as root with its sandbox, and tests in containers do; their /dev/shm is small.
  if (process.getuid?.() === 0) flags.push('--no-sandbox', '--disable-dev-shm-usage')
  const child = spawn(command, [...flags, `--user-data-dir=${profile}`], { stdio: ['ignore', 'ignore', 'pipe'] })
  const socket = new WebSocket(await findDevTools(child.stderr))
  await once(socket, 'open')

  const waiting = new Map<number, (message: Message) => void>()
  const listeners: ((message: Message) => void)[] = []
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    if (message.id !== undefined) waiting.get(message.id)?.(message)
    for (const listener of listeners) listener(message)
  })
  let lastId = 0
  const send: Send = async (method, params = {}, sessionId) => {
    const id = ++lastId
    const answer = new Promise<Message>((resolve) => waiting.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params, sessionId }))
    const { result = {}, error } = await answer
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result
  }
  return {
    send,
    listen: (listener: (message: Message) => void) => listeners.push(listener),
    end: async () => {
      const gone = once(child, 'exit')
      socket.send(JSON.stringify({ id: ++lastId, method: 'Browser.close' }))
      await gone
    },
  }
}

async function findDevTools(stderr: NodeJS.ReadableStream): Promise<string> {
  const said: string[] = []
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /^DevTools listening on (ws:\S+)/.exec(line) ?? []
    if (address !== undefined) {
      stderr.resume()
      return address
    }
    said.push(line)
  }
  throw new Error(`Chromium does not start:\n${said.join('\n')}`)
}

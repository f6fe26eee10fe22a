// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startProcess, type DynamoProcess } from './dynamo-process.ts'
import { findFreePort } from './free-port.ts'
import { installRelease, type Installation } from './install.ts'
import { traitsOf, type Release } from './releases.ts'

export interface DynamoOptions {
  readonly release: Release
  /** @defaultValue 2 */
  readonly workers?: number
  /** Tokens a KV block. @defaultValue 64 */
  readonly blockSize?: number
  /** How much faster than real time the mock workers are; 0 means about 1, not infinity. @defaultValue 1000 */
  readonly speedup?: number
  /** @defaultValue jsonl */
  readonly traceFormat?: 'jsonl' | 'jsonl_gz'
  /** Added to the frontend's environment, where they win. */
  readonly environment?: Readonly<Record<string, string>>
  readonly frontendArgs?: readonly string[]
  readonly mockerArgs?: readonly string[]
  /** Scripted answers by key (1.3 and later); asked for with the annotation `output_replay_id:KEY`. */
  readonly replies?: Readonly<Record<string, string>>
  /** Ends a start that is under way, which then leaves nothing behind; what has started is for stop to end. */
  readonly signal?: AbortSignal
}

/** A running frontend with its mock workers. */
export interface Dynamo {
  readonly release: Release
  /** Ends in `/v1`. */
  readonly baseUrl: string
  readonly model: string
  readonly toolEventsEndpoint: string
  readonly traceFolder: string
  /** Stops the frontend and starts it again on the same ports. */
  restartFrontend(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  stopFrontend(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Ends everything and removes what it wrote. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const MODEL = 'tiny'
const START_LIMIT_MS = 60_000
const planes = ['--discovery-backend', 'file', '--request-plane', 'tcp', '--event-plane', 'zmq']

/**
 * Starts a released Dynamo on loopback, without NATS, etcd, GPU or network.
 * A start that fails keeps its logs and says where they are.
 *
 * @throws the signal's reason when that ends it.
 */
export async function startDynamo(options: DynamoOptions): Promise<Dynamo> {
  const { signal } = options
  const installation = await installRelease(options.release, signal)
  const port = await findFreePort()
  const toolEventsEndpoint = `tcp://127.0.0.1:${await findFreePort()}`
  signal?.throwIfAborted()
  const folder = mkdtempSync(join(tmpdir(), `dynamo-${options.release}-`))
  // Up to 1.3 the frontend resolves the served name as a path; a link of that name keeps it off the network.
  symlinkSync(installation.modelFolder, join(folder, MODEL))

  const shared: NodeJS.ProcessEnv = {
    ...withoutDynamoVariables(process.env),
    HF_HUB_OFFLINE: '1',
    TRANSFORMERS_OFFLINE: '1',
    // A process that is ended while it sets up its logging leaves a temporary file behind.
    TMPDIR: folder,
    DYN_DISCOVERY_BACKEND: 'file',
    DYN_REQUEST_PLANE: 'tcp',
    DYN_EVENT_PLANE: 'zmq',
    DYN_FILE_KV: join(folder, 'file-kv'),
    DYN_TCP_RPC_HOST: '127.0.0.1',
    DYN_EVENT_PLANE_HOST: '127.0.0.1',
  }
  const frontendLog = join(folder, 'frontend.log')
  const startFrontend = () =>
    startProcess({
      python: installation.python,
      args: [
        ...['-m', 'dynamo.frontend', ...planes, '--http-host', '127.0.0.1', '--http-port', String(port)],
        ...['--router-mode', 'kv', ...(options.frontendArgs ?? [])],
      ],
      cwd: folder,
      // The trace switch is for the frontend alone: mock workers would open the same file and port.
      environment: { ...shared, ...traceEnvironment(options, { folder, toolEventsEndpoint }), ...options.environment },
      logFile: frontendLog,
    })

  let frontend = startFrontend()
  const mocker = startMocker({ options, installation, folder, environment: shared })
  const baseUrl = `http://127.0.0.1:${port}/v1`
  const stopAll = async () => {
    await Promise.all([mocker.stop(), frontend.stop()])
  }
  try {
    await waitForModel(baseUrl, [frontend, mocker], signal)
  } catch (error) {
    await stopAll()
    if (signal?.aborted === true) rmSync(folder, { recursive: true, force: true })
    signal?.throwIfAborted()
    throw new Error(`Dynamo ${options.release} did not start; its logs are in ${folder}`, { cause: error })
  }
  const stop = async () => {
    await stopAll()
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    release: options.release,
    baseUrl,
    model: MODEL,
    toolEventsEndpoint,
    traceFolder: folder,
    async restartFrontend(signal) {
      await frontend.stop(signal)
      frontend = startFrontend()
      await waitForModel(baseUrl, [frontend, mocker])
    },
    stopFrontend: (signal) => frontend.stop(signal),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function traceEnvironment(
  options: DynamoOptions,
  { folder, toolEventsEndpoint }: { folder: string; toolEventsEndpoint: string },
): Record<string, string> {
  const { tracePrefix } = traitsOf(options.release)
  return {
    [tracePrefix]: '1',
    [`${tracePrefix}_SINKS`]: options.traceFormat ?? 'jsonl',
    [`${tracePrefix}_OUTPUT_PATH`]: join(folder, 'trace.jsonl'),
    [`${tracePrefix}_JSONL_FLUSH_INTERVAL_MS`]: '100',
    [`${tracePrefix}_TOOL_EVENTS_ZMQ_ENDPOINT`]: toolEventsEndpoint,
    [`${tracePrefix}_TOOL_EVENTS_ZMQ_TOPIC`]: 'agent-tool-events',
  }
}

function startMocker(setup: {
  readonly options: DynamoOptions
  readonly installation: Installation
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
}): DynamoProcess {
  const { options, installation, folder } = setup
  const scripts = join(import.meta.dirname, '../python')
  const { replies } = traitsOf(options.release)
  const scripted = options.replies !== undefined && replies !== 'none'
  const table = join(folder, 'replies.jsonl')
  if (scripted) {
    execFileSync(
      installation.python,
      [join(scripts, 'make_replies.py'), installation.modelFolder, table, replies],
      { input: JSON.stringify(options.replies) },
    )
  }
  return startProcess({
    python: installation.python,
    args: [
      ...(scripted ? [join(scripts, 'mocker_with_parser.py')] : ['-m', 'dynamo.mocker']),
      ...planes,
      ...['--model-path', installation.modelFolder, '--model-name', MODEL],
      ...['--num-workers', String(options.workers ?? 2), '--block-size', String(options.blockSize ?? 64)],
      ...['--speedup-ratio', String(options.speedup ?? 1000)],
      ...(scripted ? ['--response-replay-trace-path', table] : []),
      ...(options.mockerArgs ?? []),
    ],
    cwd: folder,
    environment: { ...setup.environment, ...(scripted && { MOCKER_TOOL_CALL_PARSER: 'hermes' }) },
    logFile: join(folder, 'mocker.log'),
  })
}

/** A variable of the caller's own shell must not decide what is tested. */
function withoutDynamoVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(DYN|DYNAMO|OPENAI)_/.test(name)))
}

async function waitForModel(
  baseUrl: string,
  processes: readonly DynamoProcess[],
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS
  while (Date.now() < deadline) {
    signal?.throwIfAborted()
    for (const part of processes) if (!part.running) throw new Error(`a process ended:\n${part.logTail()}`)
    const listed = await fetch(`${baseUrl}/models`, { signal: AbortSignal.timeout(2000) })
      .then(async (response) => (await response.text()).includes(`"${MODEL}"`))
      .catch(() => false)
    if (listed) return
    await sleep(200)
  }
  throw new Error(`the model did not appear within ${START_LIMIT_MS / 1000} s`)
}

// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type TraceRecord } from '@dynamo-agent/core'
import { buildTraceModel, convertTrace, readTrace, type TraceModel, type TraceSummary } from '@dynamo-agent/trace-tools'
import { randomBytes } from 'node:crypto'
import { cleanEnvironment, secludedPi } from './agent-environment.ts'
import { findDisagreement } from './check-trace.ts'
import { MODEL_ID, startFrontend, WORKERS } from './frontend.ts'
import { explainFailures } from './intended-failures.ts'
import { prepareOutput, type OutputPaths } from './output-folder.ts'
import { createTurnReader, type FinishedToolCall } from './pi-events.ts'
import { createPiHome } from './pi-home.ts'
import { findPi, type PiInstall } from './pi-install.ts'
import { runProjectTests } from './project.ts'
import { runAgent } from './run-agent.ts'
import { createStepReader, type AgentStep } from './steps.ts'

/** What happens during the run, as it happens. */
export type QuickstartEvent =
  | { readonly type: 'frontend-started'; readonly baseUrl: string; readonly model: string; readonly workers: number }
  | { readonly type: 'agent-started'; readonly agent: string; readonly version: string; readonly folder: string }
  | { readonly type: 'step-finished'; readonly step: AgentStep }

export interface QuickstartOptions {
  /**
   * Made when it is not there. Gets the trace, the timeline and a copy of the
   * project; those of an older run are replaced, those of anybody else refused.
   */
  readonly outputDirectory: string
  /** Told what happens, as it happens. @defaultValue nobody is told */
  readonly onProgress?: (event: QuickstartEvent) => void
  /** Ends the run early; the promise rejects with its reason. @defaultValue only the time limit of 60 s ends it */
  readonly signal?: AbortSignal
}

export interface QuickstartResult {
  readonly paths: OutputPaths
  readonly summary: TraceSummary
  /** Why tool calls failed, as the script has it: one reason for each call. */
  readonly intendedFailures: readonly string[]
  readonly sessionId: string
  readonly agentVersion: string
  /** Of the whole run, with all its checks. */
  readonly seconds: number
}

const TIME_LIMIT_MS = 60_000

/** Nothing of the folders above, and no session file. */
const piFlags = ['--mode', 'json', '--no-session', '--no-skills', '--no-context-files']

const task = 'Run the tests of this project, find out why one fails, and mend it. Then show that all tests pass.'

/**
 * Lets the Pi coding agent mend a project whose test fails, with a local
 * frontend in place of Dynamo, and turns what was recorded into a timeline.
 *
 * Only the model is scripted. Agent, subagents, tools and tests are real, and
 * so is what the trace says of them: this function checks all of it and
 * throws when anything does not agree.
 *
 * @throws DynamoAgentError `DYN_DEMO_UNAVAILABLE` when Pi is not installed,
 * `DYN_OUTPUT_UNWRITABLE` when the folder cannot be written or holds what is
 * not from an older run, `DYN_DEMO_FAILED` when the run did not do what it is
 * meant to show.
 */
export async function runQuickstart(options: QuickstartOptions): Promise<QuickstartResult> {
  try {
    return await run(options)
  } catch (error) {
    options.signal?.throwIfAborted()
    throw error
  }
}

async function run(options: QuickstartOptions): Promise<QuickstartResult> {
  const begin = performance.now()
  const timeLimit = AbortSignal.timeout(TIME_LIMIT_MS)
  const signal = options.signal === undefined ? timeLimit : AbortSignal.any([options.signal, timeLimit])
  const pi = await findPi()
  const sessionId = `quickstart-${randomBytes(4).toString('hex')}`
  const paths = await prepareOutput(options.outputDirectory)

  const before = await runProjectTests(paths.project, signal)
  if (before?.failed !== 1) throw failure('the project does not have the one failing test that it is about')
  const toolCalls = await letAgentWork({ ...options, pi, paths, sessionId, signal })
  const after = await runProjectTests(paths.project, signal)
  if (after?.failed !== 0 || after.passed !== before.passed + 1) throw failure('the agent left a failing test behind')

  const model = await readModel(paths.trace)
  const disagreement = findDisagreement(model, { sessionId, toolCalls })
  if (disagreement !== undefined) throw failure(disagreement)
  const intendedFailures = explainFailures(model)
  if (intendedFailures === undefined) throw failure('a tool call failed that was not to fail')
  const { summary } = await convertTrace({ inputs: [paths.trace], output: paths.timeline, signal })
  return {
    paths,
    summary,
    intendedFailures,
    sessionId,
    agentVersion: pi.version,
    seconds: (performance.now() - begin) / 1000,
  }
}

interface AgentWork extends Pick<QuickstartOptions, 'onProgress'> {
  readonly pi: PiInstall
  readonly paths: OutputPaths
  readonly sessionId: string
  readonly signal: AbortSignal
}

/** Runs agent and frontend until everything is on record; gives the leading agent's tool calls. */
async function letAgentWork({ pi, paths, sessionId, signal, onProgress }: AgentWork): Promise<FinishedToolCall[]> {
  await using frontend = await startFrontend(paths.trace)
  await using home = await createPiHome(pi.provider)
  onProgress?.({ type: 'frontend-started', baseUrl: frontend.baseUrl, model: MODEL_ID, workers: WORKERS })
  onProgress?.({ type: 'agent-started', agent: 'pi', version: pi.version, folder: paths.project })

  const toolCalls: FinishedToolCall[] = []
  const steps = createStepReader((step) => onProgress?.({ type: 'step-finished', step }))
  const onLine = createTurnReader({
    onTurn(turn) {
      toolCalls.push(...turn.toolCalls)
      steps.turn(turn)
    },
  })
  const environment = cleanEnvironment()
  const { status, complaint } = await runAgent({
    cli: pi.cli,
    arguments: [...piFlags, '--model', `dynamo/${MODEL_ID}`, task],
    folder: paths.project,
    environment: {
      ...environment,
      ...secludedPi(home.folder),
      ...frontend.environmentFor(environment),
      DYN_AGENT_SESSION_ID: sessionId,
    },
    onLine,
    signal,
  })
  if (signal.aborted) throw failure(`the agent was not done after ${TIME_LIMIT_MS / 1000} s`, complaint)
  if (status !== 0) throw failure(`the agent ended with status ${String(status)}`, complaint)
  steps.end()
  return toolCalls
}

async function readModel(tracePath: string): Promise<TraceModel> {
  const records: TraceRecord[] = []
  for await (const batch of readTrace([tracePath])) records.push(...batch)
  return buildTraceModel(records)
}

function failure(message: string, complaint = ''): DynamoAgentError {
  return new DynamoAgentError({
    code: 'DYN_DEMO_FAILED',
    message: complaint === '' ? message : `${message}: ${complaint}`,
    advice: 'Run it again; if it fails again, report it with this message and your Node version.',
  })
}

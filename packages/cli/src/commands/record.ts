// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { recordCommand as runRecorded, type LocalFrontend, type ModelOptions } from '@dynamo-agent/local-frontend'
import { convertTrace, type TraceSummary } from '@dynamo-agent/trace-tools'
import { commandLineError } from '../command-line-error.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { formatColumns, formatCounted, formatDuration, formatPath } from '../format.ts'
import { frontendOptions, readFrontendOptions, upstreamFromEnvironment } from '../frontend-options.ts'
import { countStatuses, describeDrops, describeFailures, type StatusCounts } from '../frontend-text.ts'
import { interruptible } from '../interruptible.ts'
import { openRecordingFolder, type RecordingFolder } from '../recording-folder.ts'
import { reportError } from '../report-error.ts'
import { startFrontend } from '../start-frontend.ts'
import { describeCounts, describeTokens, describeWallTime } from '../summary-text.ts'

const usage = `Usage: dynamo-agent record [OPTION…] -- COMMAND…

Runs a command with DYNAMO_BASE_URL and OPENAI_BASE_URL leading to a frontend of its own that
records, and keeps the trace and a timeline of what its agents did. The command's input, output
and exit code are its own; what dynamo-agent says comes afterwards, on standard error.

Where answers come from:
  --upstream URL          Dynamo or another OpenAI-compatible server; requests pass through as they
                          are  Default: DYNAMO_BASE_URL, else http://127.0.0.1:8000/v1
  --script FILE           a script of what the model says, with a simulated engine behind it
  --workers N             workers of the engine  Default: 2
  --speedup N             how many times faster than real time it runs  Default: 1

How the command reaches it:
  --port PORT             0 for any free one  Default: 0
  --generation 1.2|1.3+   which Dynamo it behaves like  Default: 1.3+
  --tool-events ENDPOINT  where tool events come in, or off  Default: a free port

What is kept:
  --output-dir DIR        folder for trace.jsonl and trace.pftrace
                          Default: a new one in dynamo-recordings, named after the time

  -h, --help              print this text

Exit codes: the command's own; 128+n when signal n ended it; 127 when it was not found, 126 when
it could not be started. Before it starts, 1 and 2 mean what they mean everywhere.
`

export const recordCommand = defineCommand({
  usage,
  options: { ...frontendOptions, 'output-dir': { type: 'string' } },
  operands: 'command',
  async run({ values, operands }, context) {
    const { output, environment } = context
    const [command, ...args] = operands
    if (command === undefined) {
      const reason = 'The command to run comes after --, with its own options.'
      throw commandLineError({ message: 'record needs a command to run', reason, usage })
    }
    const source = values.script ?? values.upstream
    const options = await readFrontendOptions({
      ...values,
      ...(source === undefined && { upstream: upstreamFromEnvironment(environment) }),
    })

    return interruptible(output, async (signal, shield) => {
      const folder = await openRecordingFolder(values['output-dir'], new Date())
      const statuses = countStatuses()
      try {
        await using frontend = await startFrontend({
          ...options,
          trace: { path: folder.tracePath },
          onEvent: statuses.listen,
        })
        signal.throwIfAborted()
        // While the command runs, signals are passed on to it and are its own to handle.
        const { exitCode, durationMs } = await shield(async () => {
          const ended = await runRecorded({
            command,
            args,
            environment,
            frontend,
            sharesTerminal: [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY),
          })
          await frontend.close()
          return ended
        })
        await report({ frontend, folder, statuses, model: options.model, durationMs, signal }, context)
        return exitCode
      } catch (error) {
        await folder.discard()
        const status = startFailureStatus(error)
        if (status === undefined) throw error
        reportError(error, output, environment)
        return status
      }
    })
  },
})

/** A command that has ended, and what is left of it. */
interface Recording {
  readonly frontend: LocalFrontend
  readonly folder: RecordingFolder
  readonly statuses: StatusCounts
  readonly model: ModelOptions
  readonly durationMs: number
  readonly signal: AbortSignal
}

/**
 * Says in five lines what happened, or why there is nothing to say. Only an
 * interruption makes it throw: the command is over, and its status counts.
 */
async function report(recording: Recording, { output, environment }: CommandContext): Promise<void> {
  const { frontend, folder, statuses, durationMs, signal } = recording
  const { counters, traceFiles } = frontend
  const drops = describeDrops(counters)
  if (counters.rows.written === 0) {
    await folder.discard()
    output.note([...describeSilence(recording), ...drops].join('\n'))
    return
  }
  try {
    const { summary } = await convertTrace({ inputs: traceFiles, output: folder.timelinePath, signal })
    const lines = formatColumns([
      ['Session', describeSessions(summary)],
      ['Traffic', `${describeCounts(summary)}; ${describeTokens(summary)}`],
      ['Time', `command ${formatDuration(durationMs)}; agents ${describeWallTime(summary)}`],
      ['Trace', formatPath(folder.tracePath)],
      ['Timeline', `${formatPath(folder.timelinePath)}  (drop it on https://ui.perfetto.dev)`],
    ])
    output.note([...lines, ...describeFailures(statuses), ...drops].join('\n'))
  } catch (error) {
    if (!signal.aborted) reportError(error, output, environment)
    output.note(`  The trace itself is kept: ${formatPath(folder.tracePath)}`)
    signal.throwIfAborted()
  }
}

const namedSessions = 3

/** The ids, to search a trace for. */
function describeSessions({ sessionIds: ids }: TraceSummary): string {
  if (ids.length === 0) return 'none: the requests carry no identity of an agent'
  const more = ids.length > namedSessions ? ` and ${ids.length - namedSessions} more` : ''
  return ids.slice(0, namedSessions).join(', ') + more
}

function describeSilence({ frontend, statuses, model }: Recording): string[] {
  const { counters, baseUrl } = frontend
  const { received } = counters.requests
  if (received === 0) {
    return [
      'dynamo-agent: nothing was recorded',
      `  The command made no request to ${baseUrl}.`,
      '  Is its provider configured to use DYNAMO_BASE_URL (or OPENAI_BASE_URL)?',
    ]
  }
  return [
    'dynamo-agent: nothing was recorded',
    `  The command made ${formatCounted(received, 'request')} to ${baseUrl}, and no answer left a row.`,
    ...describeFailures(statuses).map((line) => `  ${line}`),
    `  ${adviseOn(statuses, model)}`,
  ]
}

function adviseOn({ failed }: StatusCounts, model: ModelOptions): string {
  if ('upstream' in model && [...failed.keys()].some((status) => status >= 500)) {
    return `The upstream ${model.upstream} cannot be reached or is at fault: start it, or give another with --upstream.`
  }
  return 'Does it ask for a model that is there, and for chat completions?'
}

/** As shells, env(1) and nohup(1) have it. */
function startFailureStatus(error: unknown): 126 | 127 | undefined {
  if (!DynamoAgentError.isInstance(error) || error.code !== 'DYN_COMMAND_FAILED') return undefined
  const { cause } = error
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 127 : 126
}

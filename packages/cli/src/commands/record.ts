// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, type TraceRecord } from '@dynamo-agent/core'
import { recordCommand as runRecorded, startLocalFrontend, type LocalFrontend } from '@dynamo-agent/local-frontend'
import { buildTraceModel, convertTrace, readTrace, type TraceModel } from '@dynamo-agent/trace-tools'
import { commandLineError } from '../command-line-error.ts'
import { defineCommand, type CommandContext } from '../command.ts'
import { formatColumns, formatDuration, formatPath } from '../format.ts'
import { frontendOptions, readFrontendOptions, upstreamFromEnvironment } from '../frontend-options.ts'
import { describeDrops } from '../frontend-text.ts'
import { openRecordingFolder, type RecordingFolder } from '../recording-folder.ts'
import { reportError } from '../report-error.ts'
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
    const folder = await openRecordingFolder(values['output-dir'], new Date())

    // Ctrl-C is the command's to handle. What comes after it is bounded in
    // time, and is the very thing the command was recorded for.
    const outliveCtrlC = () => undefined
    process.on('SIGINT', outliveCtrlC)
    try {
      const frontend = await startLocalFrontend({ ...options, trace: { path: folder.tracePath } })
      try {
        const ended = await runRecorded({
          command,
          args,
          environment,
          frontend,
          sharesTerminal: [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY),
        })
        await frontend.close()
        await report({ frontend, folder, durationMs: ended.durationMs }, context)
        return ended.exitCode
      } finally {
        await frontend.close()
      }
    } catch (error) {
      await folder.discard()
      const status = startFailureStatus(error)
      if (status === undefined) throw error
      reportError(error, output, environment)
      return status
    } finally {
      process.off('SIGINT', outliveCtrlC)
    }
  },
})

/** A command that has ended, and what is left of it. */
interface Recording {
  readonly frontend: LocalFrontend
  readonly folder: RecordingFolder
  readonly durationMs: number
}

/**
 * Says in five lines what happened, or why there is nothing to say. Never
 * throws: the command is over, and its status is what counts.
 */
async function report(recording: Recording, { output, environment }: CommandContext): Promise<void> {
  const { frontend, folder, durationMs } = recording
  const { counters, baseUrl, traceFiles } = frontend
  const drops = describeDrops(counters)
  if (counters.rows.written === 0) {
    await folder.discard()
    output.note([...describeSilence(counters, baseUrl), ...drops].join('\n'))
    return
  }
  try {
    const { summary } = await convertTrace({ inputs: traceFiles, output: folder.timelinePath })
    const lines = formatColumns([
      ['Session', describeSessions(await readModel(traceFiles))],
      ['Traffic', `${describeCounts(summary)}; ${describeTokens(summary)}`],
      ['Time', `command ${formatDuration(durationMs)}; agents ${describeWallTime(summary)}`],
      ['Trace', formatPath(folder.tracePath)],
      ['Timeline', `${formatPath(folder.timelinePath)}  (drop it on https://ui.perfetto.dev)`],
    ])
    output.note([...lines, ...drops].join('\n'))
  } catch (error) {
    reportError(error, output, environment)
    output.note(`  The trace itself is kept: ${formatPath(folder.tracePath)}`)
  }
}

async function readModel(files: readonly string[]): Promise<TraceModel> {
  const records: TraceRecord[] = []
  for await (const batch of readTrace(files)) records.push(...batch)
  return buildTraceModel(records)
}

const namedSessions = 3

/** The ids, to search a trace for. */
function describeSessions({ sessions }: TraceModel): string {
  const ids = sessions.flatMap(({ id }) => id ?? [])
  if (ids.length === 0) return 'none: the requests carry no identity of an agent'
  const more = ids.length > namedSessions ? ` and ${ids.length - namedSessions} more` : ''
  return ids.slice(0, namedSessions).join(', ') + more
}

function describeSilence({ requests }: LocalFrontend['counters'], baseUrl: string): string[] {
  return [
    'dynamo-agent: nothing was recorded',
    requests.received === 0
      ? `  The command made no request to ${baseUrl}.`
      : `  The command asked ${baseUrl} ${requests.received} times, and no answer left a row.`,
    requests.received === 0
      ? '  Is its provider configured to use DYNAMO_BASE_URL (or OPENAI_BASE_URL)?'
      : '  Does it ask for a model that is there, and does the upstream answer?',
  ]
}

/** As shells, env(1) and nohup(1) have it. */
function startFailureStatus(error: unknown): 126 | 127 | undefined {
  if (!DynamoAgentError.isInstance(error) || error.code !== 'DYN_COMMAND_FAILED') return undefined
  const { cause } = error
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 127 : 126
}

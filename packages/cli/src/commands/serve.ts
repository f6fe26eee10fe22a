// SPDX-License-Identifier: Apache-2.0
import { readEnvironment } from '@dynamo-agent/core'
import type { LocalFrontend, ModelOptions } from '@dynamo-agent/local-frontend'
import { once } from 'node:events'
import { isIPv4 } from 'node:net'
import { commandLineError } from '../command-line-error.ts'
import { defineCommand } from '../command.ts'
import { shellLines } from '../doctor/shell.ts'
import { formatColumns, formatCounted, formatDuration } from '../format.ts'
import { frontendOptions, readFrontendOptions } from '../frontend-options.ts'
import { countStatuses, describeDrops, describeFailures, describeModel } from '../frontend-text.ts'
import { readChoice } from '../option-values.ts'
import { startFrontend } from '../start-frontend.ts'

const usage = `Usage: dynamo-agent serve (--script FILE | --upstream URL) [OPTION…]

Answers like a Dynamo frontend on this machine, and writes the trace that Dynamo writes: chat
completions from a script or from any OpenAI-compatible server, and tool events. Ctrl-C ends it.

Where answers come from:
  --script FILE           a script of what the model says, with a simulated engine behind it
  --workers N             workers of the engine  Default: 2
  --speedup N             how many times faster than real time it runs  Default: 1
  --upstream URL          an OpenAI-compatible server; requests pass through as they are

How it is reached:
  --host HOST             address to listen on  Default: 127.0.0.1, this machine alone
  --port PORT             0 for any free one  Default: 8000
  --allow-host NAME       host name that requests may carry besides HOST (may be repeated)
  --api-key KEY           refuse requests without this bearer token; with --upstream, the server
                          is sent DYNAMO_API_KEY of the environment in its place
  --generation 1.2|1.3+   which Dynamo it behaves like  Default: 1.3+

What it records:
  --trace PATH            file that rows are appended to  Default: dynamo-trace/trace.jsonl
  --trace-format FORMAT   jsonl, or jsonl_gz: rolled, compressed files named after PATH
                          Default: jsonl
  --tool-events ENDPOINT  where tool events come in, or off  Default: tcp://127.0.0.1:20390

  -h, --help              print this text
`

export const serveCommand = defineCommand({
  usage,
  options: {
    ...frontendOptions,
    host: { type: 'string' },
    'allow-host': { type: 'string', multiple: true },
    'api-key': { type: 'string' },
    trace: { type: 'string' },
    'trace-format': { type: 'string' },
  },
  async run({ values }, { output, environment }) {
    const { host = '127.0.0.1', 'api-key': apiKey } = values
    if (apiKey === '') throw commandLineError({ message: '--api-key needs a value', usage })
    const options = await readFrontendOptions({ port: '8000', 'tool-events': 'tcp://127.0.0.1:20390', ...values })
    const format = readChoice({ option: '--trace-format', value: values['trace-format'] }, ['jsonl', 'jsonl_gz'])
    const trace = { path: values.trace ?? 'dynamo-trace/trace.jsonl', format }

    const startMs = performance.now()
    const statuses = countStatuses()
    const frontend = await startFrontend({
      ...options,
      model: withOwnKey(options.model, apiKey === undefined ? undefined : readEnvironment(environment).apiKey),
      host,
      allowedHosts: values['allow-host'],
      apiKey,
      trace,
      onEvent: statuses.listen,
    })
    // From here on Ctrl-C is how it ends; a second one does not wait for the end.
    const stopped = Promise.race((['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => once(process, signal)))
    output.result(describe(frontend, { model: options.model, tracePath: trace.path, apiKey }))
    if (!isLoopback(host) && apiKey === undefined) {
      const warning = output.style('yellow', 'Warning:')
      output.note(`${warning} everybody who reaches ${host} can use this frontend. Give --api-key KEY to refuse them.`)
    }
    await stopped
    await frontend.close()
    const end = [describeEnd(frontend, performance.now() - startMs), ...describeFailures(statuses)]
    output.result([...end, ...describeDrops(frontend.counters)].join('\n'))
    return 0
  },
})

/** A client's token is the frontend's own then, and none of the upstream's business. */
function withOwnKey(model: ModelOptions, apiKey: string | undefined): ModelOptions {
  return 'upstream' in model && apiKey !== undefined ? { ...model, apiKey } : model
}

interface ServeSettings {
  readonly model: ModelOptions
  readonly tracePath: string
  readonly apiKey: string | undefined
}

function describe(frontend: LocalFrontend, { model, tracePath, apiKey }: ServeSettings): string {
  const { baseUrl, toolEventsEndpoint } = frontend
  return [
    ...formatColumns([
      ['Frontend', baseUrl, describeModel(model)],
      [
        'Tools',
        toolEventsEndpoint ?? 'off',
        toolEventsEndpoint === undefined ? '' : 'where harnesses send their tool events',
      ],
      ['Trace', tracePath, 'what Dynamo writes'],
    ]),
    '',
    'In the shell of your agent:',
    ...shellLines(variablesToType(frontend)).map((line) => `  ${line}`),
    ...(apiKey === undefined ? [] : ['  export DYNAMO_API_KEY=…  # the one given with --api-key']),
    '',
    'Ctrl-C ends it.',
  ].join('\n')
}

/**
 * Of the variables that lead a program here, those that have no right default.
 * A client finds the session headers by itself; without its dialect named, an
 * agent that does not look would leave no trace in a Dynamo 1.2.
 */
function variablesToType(frontend: LocalFrontend): Readonly<Record<string, string>> {
  const names = [
    'DYNAMO_BASE_URL',
    'DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT',
    ...(frontend.generation === '1.2' ? ['DYN_AGENT_DIALECT'] : []),
  ]
  const variables = frontend.environmentFor({})
  return Object.fromEntries(names.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])))
}

function describeEnd({ counters, traceFiles }: LocalFrontend, elapsedMs: number): string {
  const { requests, toolEvents, rows } = counters
  const duration = formatDuration(elapsedMs)
  if (rows.written === 0) return `${duration}: nothing was recorded`
  const [onlyFile = ''] = traceFiles
  const files = traceFiles.length === 1 ? onlyFile : formatCounted(traceFiles.length, 'file')
  const recorded = `${formatCounted(requests.recorded, 'request')} and ${formatCounted(toolEvents.accepted, 'tool event')}`
  return `${duration}: ${recorded} recorded, ${formatCounted(rows.written, 'row')} in ${files}`
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

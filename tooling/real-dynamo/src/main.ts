// SPDX-License-Identifier: Apache-2.0
import { isRelease, releases, type Release } from './releases.ts'
import { startDynamo } from './start-dynamo.ts'

// Runs one release until it is interrupted: node tooling/real-dynamo/src/main.ts 1.6.1
const [release = ''] = process.argv.slice(2)
if (isRelease(release)) {
  // From the first moment on: a start takes seconds, an installation minutes. Stopping is bounded, so asking again
  // for it changes nothing.
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interruption.abort()
    })
  }
  try {
    await run(release, interruption.signal)
  } catch (error) {
    if (!interruption.signal.aborted) {
      process.stderr.write(`${describe(error)}\n`)
      process.exitCode = 1
    }
  }
} else {
  process.stderr.write(`usage: main.ts RELEASE, one of ${releases.join(', ')}\n`)
  process.exitCode = 2
}

async function run(release: Release, signal: AbortSignal): Promise<void> {
  await using dynamo = await startDynamo({ release, signal })
  process.stdout.write(
    [
      `Dynamo ${release} answers at ${dynamo.baseUrl}, model ${dynamo.model}`,
      `export DYNAMO_BASE_URL=${dynamo.baseUrl}`,
      `export DYN_AGENT_TOOL_EVENTS_ZMQ_ENDPOINT=${dynamo.toolEventsEndpoint}`,
      `Traces and logs are in ${dynamo.traceFolder} until it is stopped with Ctrl-C`,
      '',
    ].join('\n'),
  )
  const keepAlive = setInterval(() => undefined, 1 << 30)
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve()
    })
    if (signal.aborted) resolve()
  })
  clearInterval(keepAlive)
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

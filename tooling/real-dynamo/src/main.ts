// SPDX-License-Identifier: Apache-2.0
import { isRelease, releases } from './releases.ts'
import { startDynamo } from './start-dynamo.ts'

// Runs one release until it is interrupted: node tooling/real-dynamo/src/main.ts 1.6.1
const [release = ''] = process.argv.slice(2)
if (isRelease(release)) {
  const dynamo = await startDynamo({ release })
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
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      clearInterval(keepAlive)
      void dynamo.stop()
    })
  }
} else {
  process.stderr.write(`usage: main.ts RELEASE, one of ${releases.join(', ')}\n`)
  process.exitCode = 2
}

// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { startChatServer } from './server.ts'

// The chat alone, against the Dynamo that the environment names. SIGTERM and
// Ctrl-C let the answers under way come to their end.
const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
const { PORT = '3000' } = process.env
try {
  await using server = await startChatServer(Number(PORT))
  process.stdout.write(`${server.url}\n`)
  await stopped
} catch (error) {
  process.stderr.write(`PORT=${PORT} cannot be served: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

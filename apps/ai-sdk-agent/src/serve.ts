// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { startChatServer } from './server.ts'

// The chat alone, against the Dynamo that the environment names. SIGTERM and
// Ctrl-C let the answers under way come to their end.
const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
await using server = await startChatServer(Number(process.env.PORT ?? 3000))
process.stdout.write(`${server.url}\n`)
await stopped

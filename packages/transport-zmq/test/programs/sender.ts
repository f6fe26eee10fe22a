// SPDX-License-Identifier: Apache-2.0
import { createAgentContext, sessionHeadersDialect } from '@dynamo-agent/core'
import { createToolEventRelay } from '@dynamo-agent/transport-zmq'
import { writeSync } from 'node:fs'

/** Sends tool events and ends in the given way; tells its counters with its last breath. */
const [, , endpoint = '', ending = '', count = '0', lingerMs = '500', relays = '1'] = process.argv
const context = createAgentContext({ sessionId: 'exit-paths' })

const senders = Array.from({ length: Number(relays) }, () =>
  createToolEventRelay({ endpoint, dialect: sessionHeadersDialect, lingerMs: Number(lingerMs) }),
)
const startedAt = performance.now()
const send = (index: number) => {
  for (const relay of senders) {
    relay.send(context, {
      type: 'tool_start',
      timeMs: 1_780_000_000_123,
      tool: { toolCallId: `call-${index}`, toolClass: 'bash', startedAtMs: 1_780_000_000_123, status: 'running' },
    })
  }
}
for (let index = 0; index < Number(count); index++) send(index)
const sendingMs = performance.now() - startedAt

process.on('exit', () => {
  const counters = senders.map((relay) => relay.counters)
  writeSync(1, `${JSON.stringify({ sendingMs, exitMs: performance.now() - endedAt, counters })}\n`)
})

let endedAt = performance.now()
switch (ending) {
  case 'natural-end':
    break
  case 'process.exit':
    process.exit(0)
    break
  case 'exit-task':
    for (const relay of senders) {
      relay.beforeExit(() => {
        send(Number(count))
      })
      relay.beforeExit(() => {
        throw new Error('was taken back')
      })()
    }
    break
  case 'uncaught':
    queueMicrotask(() => {
      throw new Error('as tested')
    })
    break
  case 'close':
    await Promise.all(senders.map((relay) => relay.close()))
    endedAt = performance.now()
    break
  case 'close-then-kill':
    await Promise.all(senders.map((relay) => relay.close()))
    process.kill(process.pid, 'SIGKILL')
    break
  case 'sigterm-handler':
    process.once('SIGTERM', () => {
      void Promise.all(senders.map((relay) => relay.close())).then(() => process.exit(143))
    })
    setInterval(() => undefined, 1000)
    writeSync(1, 'ready\n')
    break
  case 'sigterm-default':
    setInterval(() => undefined, 1000)
    process.kill(process.pid, 'SIGTERM')
    break
}

// SPDX-License-Identifier: Apache-2.0
import { createAgentContext, sessionHeadersDialect } from '@dynamo-agent/core'
import { createToolEventReceiver, createToolEventRelay } from '@dynamo-agent/transport-zmq'
import { writeSync } from 'node:fs'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

/** Sends 500 events from each of eight worker threads that end in the given way; receives them in the main thread. */
if (isMainThread) {
  const receiver = await createToolEventReceiver({ bind: 'tcp://127.0.0.1:0', onRecord: () => undefined })
  for (let run = 0; run < 8; run++) {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { endpoint: receiver.endpoint, ending: process.argv[2] },
    })
    await new Promise((resolve) => worker.once('exit', resolve))
  }
  await receiver.drain(300, 10_000)
  await receiver.close()
  writeSync(1, JSON.stringify(receiver.counters))
} else {
  const given = workerData as { endpoint: string; ending: string }
  const relay = createToolEventRelay({ endpoint: given.endpoint, dialect: sessionHeadersDialect, lingerMs: 4000 })
  for (let index = 0; index < 500; index++) {
    relay.send(createAgentContext({ sessionId: 'worker' }), {
      type: 'tool_start',
      timeMs: 1_780_000_000_123,
      tool: { toolCallId: `call-${index}`, toolClass: 'bash', startedAtMs: 1_780_000_000_123, status: 'running' },
    })
  }
  if (given.ending === 'process.exit') process.exit(0)
  if (given.ending === 'close') await relay.close()
}

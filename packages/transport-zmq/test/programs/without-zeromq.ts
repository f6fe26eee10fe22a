// SPDX-License-Identifier: Apache-2.0
import { createAgentContext, sessionHeadersDialect } from '@dynamo-agent/core'
import { createToolEventReceiver, createToolEventRelay } from '@dynamo-agent/transport-zmq'
import { registerHooks } from 'node:module'

/** A host on which the native module cannot be loaded. */
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'zeromq') throw new Error('as tested')
    return next(specifier, context)
  },
})

const relay = createToolEventRelay({ endpoint: 'tcp://127.0.0.1:20390', dialect: sessionHeadersDialect })
const send = () =>
  relay.send(createAgentContext({ sessionId: 's' }), {
    type: 'tool_start',
    timeMs: 1,
    tool: { toolCallId: 'a', toolClass: 'bash' },
  })
const first = send()
await relay.flush()
const second = send()
await relay.close()
const receiver = await createToolEventReceiver({ bind: 'tcp://127.0.0.1:0', onRecord: () => undefined }).catch(
  (error: unknown) => error,
)
process.stdout.write(
  JSON.stringify({
    first,
    second,
    counters: relay.counters,
    problem: relay.problem?.code,
    receiver: (receiver as { code?: string }).code,
  }),
)

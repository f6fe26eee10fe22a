// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError, sessionHeadersDialect } from '@dynamo-agent/core'
import { createToolEventReceiver, createToolEventRelay } from '@dynamo-agent/transport-zmq'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check } from '../examination.ts'
import { fail, ok, type } from '../finding.ts'

const LIMIT_MS = 2000
const POLL_MS = 5

/** Whether ZeroMQ works in this process: a tool event goes from a socket of its own to another. */
export const zeromqCheck: Check = {
  name: 'zeromq',
  needs: [],
  async run({ probe, options }) {
    try {
      await using receiver = await createToolEventReceiver({
        bind: 'tcp://127.0.0.1:0',
        onRecord: () => undefined,
      })
      await using relay = createToolEventRelay({ endpoint: receiver.endpoint, dialect: sessionHeadersDialect })
      relay.send(probe, {
        type: 'tool_start',
        timeMs: options.now(),
        tool: { toolCallId: 'zeromq', toolClass: 'doctor' },
      })
      const deadline = performance.now() + LIMIT_MS
      while (receiver.counters.received === 0 && relay.problem === undefined && performance.now() < deadline)
        await sleep(POLL_MS)
      if (receiver.counters.received > 0) return ok('loaded; a tool event went from one socket to another')
      return fail('loaded, but a tool event did not go from one socket to another', {
        meaning: relay.problem?.message ?? 'Something on this machine keeps programs from talking to 127.0.0.1.',
        cures: [type('Look whether a firewall filters the loopback interface:', 'sudo iptables -L INPUT -v')],
        consequence: 'no tool event is sent',
      })
    } catch (error) {
      if (!DynamoAgentError.isInstance(error)) throw error
      return fail(error.message, {
        meaning: 'Its native part is missing for this platform, or does not fit this Node. Requests work without it.',
        cures: [type('In the folder of your agent:', 'npm install zeromq@6')],
        consequence: 'timelines show LLM requests but no tools',
      })
    }
  },
}

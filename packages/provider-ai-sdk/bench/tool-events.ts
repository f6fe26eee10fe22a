// SPDX-License-Identifier: Apache-2.0
import { median, quantile } from '@dynamo-agent/bench'
import { tracingChannel } from 'node:diagnostics_channel'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { withAgentSession } from '../src/index.ts'
import { registerDynamo } from '../src/telemetry/index.ts'
import type { FrontendProcess } from './frontend-process.ts'

/** What one event of a tool takes of its caller's time, in microseconds. */
export interface ToolEventFigures {
  readonly name: string
  readonly medianUs: number
  readonly p99Us: number
}

const CALLS = 10_000
const WARM_UP_CALLS = 2000
const output = 'x'.repeat(4096)

/** With nobody who listens, and with events that go to a frontend. */
export async function measureToolEvents({ endpoint }: FrontendProcess): Promise<readonly ToolEventFigures[]> {
  const baseline = await timeEvents()
  const registration = registerDynamo({ endpoint })
  await registration.ready
  const told = await timeEvents()
  await registration.close()
  return [figures('tool event, nobody listens', baseline), figures('tool event, registered', told)]
}

function figures(name: string, timesUs: readonly number[]): ToolEventFigures {
  return { name, medianUs: median(timesUs), p99Us: quantile(timesUs, 0.99) }
}

/** Times starts and ends as ai@7 tells of them: in its tracing channel, a turn of the event loop apart. */
function timeEvents(): Promise<readonly number[]> {
  return withAgentSession('chat', async () => {
    const { start, asyncEnd } = tracingChannel('ai:telemetry')
    const times: number[] = []
    for (let call = -WARM_UP_CALLS; call < CALLS; call++) {
      const toolCall = { toolCallId: `call-${call}`, toolName: 'look_up' }
      const message = { type: 'executeTool', event: { callId: 'operation', toolCall } }
      const time = async (tell: () => void) => {
        const startMs = performance.now()
        tell()
        const takenUs = (performance.now() - startMs) * 1000
        if (call >= 0) times.push(takenUs)
        await nextTurn()
      }
      await time(() => {
        start.runStores(message, () => undefined)
      })
      Object.assign(message, { result: { output: { type: 'tool-result', output } } })
      await time(() => {
        asyncEnd.publish(message)
      })
    }
    return times
  })
}

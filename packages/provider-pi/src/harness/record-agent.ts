// SPDX-License-Identifier: Apache-2.0
import type { PiAgentEvent } from '../embed/pi-agent.ts'
import type { PiHarness } from './pi-harness.ts'

/** Records what an event of pi-agent-core tells. There an agent goes on by itself only when it is told to continue. */
export function recordAgentEvent({ recorder }: PiHarness, event: PiAgentEvent, isAborted: boolean): void {
  switch (event.type) {
    case 'agent_start':
      recorder?.runStarted()
      return
    case 'agent_end':
      recorder?.stopped()
      return
    case 'turn_start':
      recorder?.turnStarted()
      return
    case 'message_end':
      recorder?.messageEnded(event.message)
      return
    case 'turn_end':
      recorder?.turnEnded(isAborted)
      return
    case 'tool_execution_start':
    case 'tool_execution_end':
      return
  }
}

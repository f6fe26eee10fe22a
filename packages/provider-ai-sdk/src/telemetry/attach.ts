// SPDX-License-Identifier: Apache-2.0
import { processState, type Registration } from '../registration.ts'
import { followTracingChannel } from './channel.ts'
import { createIntegration, type TelemetryIntegration } from './integration.ts'
import { deliverOnSignal } from './signals.ts'

/**
 * The integration of this process, for a call whose own
 * `telemetry.integrations` would replace the registered ones (ai@7). Where the
 * runtime has tracing channels, as Node has, such calls are seen without it.
 * It tells what the registrations of the process are to know, each tool call
 * once however often it stands in a list.
 */
export function dynamoTelemetry(): TelemetryIntegration {
  return (processState().integration ??= createIntegration())
}

/**
 * Has a registration told of tool calls from now on.
 *
 * @returns Ends that.
 */
export function attach(registration: Registration): () => void {
  const state = processState()
  state.registrations.push(registration)
  state.detach ??= hookInto(dynamoTelemetry())
  return () => {
    const index = state.registrations.indexOf(registration)
    if (index >= 0) state.registrations.splice(index, 1)
    if (state.registrations.length > 0) return
    state.detach?.()
    state.detach = undefined
  }
}

/** ai@6 and ai@7 read the same global list, so that neither has to be imported. */
function hookInto(integration: TelemetryIntegration): () => void {
  const holder = globalThis as { AI_SDK_TELEMETRY_INTEGRATIONS?: unknown[] }
  const integrations = (holder.AI_SDK_TELEMETRY_INTEGRATIONS ??= [])
  integrations.push(integration)
  const unfollow = followTracingChannel()
  // Closing one takes it out of the list.
  const closeAll = () => Promise.all([...processState().registrations].map((registration) => registration.close()))
  const forgetSignal = deliverOnSignal(closeAll)
  return () => {
    const index = integrations.indexOf(integration)
    if (index >= 0) integrations.splice(index, 1)
    unfollow?.()
    forgetSignal()
  }
}

// SPDX-License-Identifier: Apache-2.0
import { encodeAgentHints, type AgentHints } from '@dynamo-agent/core'
import type { HintStatus } from '../session/session-hints.ts'

const wireNames = {
  priority: 'priority',
  strictPriority: 'strict_priority',
  outputLength: 'osl',
  speculativePrefill: 'speculative_prefill',
} as const satisfies Record<keyof AgentHints, string>

/** What the next turn is going to say and why, and what the latest one has said. */
export function describeHints(status: HintStatus | undefined): readonly (readonly [string, string])[] {
  if (status === undefined) return [['hints', 'none']]
  const { hints, reasons, sent } = status
  const wire = encodeAgentHints(hints) ?? {}
  const parts = Object.entries(wireNames).flatMap(([key, name]) => {
    const value = wire[name]
    const reason = reasons[key as keyof AgentHints]
    if (value === undefined) return reason === undefined ? [] : [`${name} not now (${reason})`]
    const explained = [reason, isNothing(key, value) && "for Dynamo's queue 0"].filter((part) => typeof part === 'string')
    return [`${name} ${value}${explained.length === 0 ? '' : ` (${explained.join(', ')})`}`]
  })
  return [['hints', listed(parts)], ...(sent === undefined ? [] : [['last sent', describeSent(sent)] as const])]
}

function describeSent(sent: AgentHints): string {
  return listed(Object.entries(encodeAgentHints(sent) ?? {}).map(([name, value]) => `${name} ${String(value)}`))
}

function listed(parts: readonly string[]): string {
  return parts.length === 0 ? 'none' : parts.join(', ')
}

/** The router's queue knows no priority below 0; engines do. */
function isNothing(key: string, value: number | boolean): boolean {
  return key === 'priority' && Number(value) < 0
}

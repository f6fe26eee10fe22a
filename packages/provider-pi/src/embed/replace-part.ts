// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import type { PiAgent } from './pi-agent.ts'

/** What is put in the place of an agent's own. */
export type AgentPart = 'prompt' | 'continue' | ClientName

type ClientName = 'streamFn' | 'streamFunction'

/** @throws DynamoAgentError `DYN_INVALID_OPTION` for an agent that lacks a part, or whose parts are fixed. */
export function requireReplaceable(agent: PiAgent): void {
  const parts: readonly AgentPart[] = ['prompt', 'continue', clientNameOf(agent)]
  const missing = ['subscribe' as const, ...parts].find((name) => typeof agent[name] !== 'function')
  if (missing !== undefined) throw refuse(`the agent has no ${missing}`)
  const fixed = parts.find((name) => !isWritable(agent, name))
  if (fixed !== undefined) throw refuse(`${fixed} of the agent cannot be replaced`)
}

/** Under which name an agent has its client for models. */
export function clientNameOf({ streamFn, streamFunction }: PiAgent): ClientName {
  return streamFunction === undefined && streamFn !== undefined ? 'streamFn' : 'streamFunction'
}

/** @returns What takes it off again. */
export function replacePart<Name extends AgentPart>(
  agent: PiAgent,
  name: Name,
  wrap: (part: NonNullable<PiAgent[Name]>) => NonNullable<PiAgent[Name]>,
): () => void {
  const before = agent[name]
  if (before === undefined) return () => undefined
  const isOwn = Object.hasOwn(agent, name)
  const wrapped = wrap(before)
  agent[name] = wrapped
  return () => {
    // Somebody who came later keeps what they put there.
    if (agent[name] !== wrapped) return
    agent[name] = before
    // The class has it.
    if (!isOwn) Reflect.deleteProperty(agent, name)
  }
}

function isWritable(agent: PiAgent, name: AgentPart): boolean {
  for (let owner: object | null = agent; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
    const property = Reflect.getOwnPropertyDescriptor(owner, name)
    if (property === undefined) continue
    if (property.set !== undefined) return true
    return property.writable === true && (owner === agent || Object.isExtensible(agent))
  }
  return false
}

function refuse(message: string): DynamoAgentError {
  const advice = 'Instrument an Agent of pi-agent-core itself, as it was made; an AgentSession takes the extension instead.'
  return new DynamoAgentError({ code: 'DYN_INVALID_OPTION', message, advice })
}

// SPDX-License-Identifier: Apache-2.0

/**
 * A body in which Dynamo 1.3 and later refuse `nvext.agent_context` as unknown
 * and Dynamo 1.2 its value as mistyped. Either comes while the body is being
 * read, before a model is looked for; and should a server of another make get
 * past that, it has no messages to answer and no model of that name.
 */
export const agentContextProbe = JSON.stringify({
  model: 'dynamo-agent-probe-no-such-model',
  nvext: { agent_context: 0 },
})

/**
 * Whether a 400 says that `nvext.agent_context` is unknown, as Dynamo 1.3 and
 * later do, with a `nvext.agent_context: ` before it on `/v1/responses` of 1.3
 * and 1.4 (measured on 1.3.1 to 1.6.1).
 */
export function refusesAgentContext(text: string): boolean {
  return /unknown field \W{0,2}agent_context\b/.test(text)
}

/** Whether a 400 to the probe comes from a server that knows `nvext.agent_context` (measured on 1.2.1). */
export function mistypesAgentContext(text: string): boolean {
  return /nvext\.agent_context: invalid type\b/.test(text)
}

// SPDX-License-Identifier: Apache-2.0

/** What a model says in one turn. */
export type DirectedTurn =
  | string
  | { readonly toolCalls: readonly { readonly name: string; readonly arguments: object }[] }

const usage = { prompt_tokens: 20, completion_tokens: 8, total_tokens: 28, prompt_tokens_details: { cached_tokens: 4 } }

/** A turn as the one answer to a chat completion. */
export function answerAsJson(model: string, turn: DirectedTurn): string {
  const message = { role: 'assistant', ...contentOf(turn) }
  const choices = [{ index: 0, message, finish_reason: finishOf(turn) }]
  return JSON.stringify({ ...frame('chat.completion', model), choices, usage })
}

/** A turn as the events of a streamed one. */
export function answerAsStream(model: string, turn: DirectedTurn): string {
  const chunk = { ...frame('chat.completion.chunk', model) }
  const events = [
    { ...chunk, choices: [{ index: 0, delta: { role: 'assistant', ...contentOf(turn) }, finish_reason: null }] },
    { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: finishOf(turn) }] },
    { ...chunk, choices: [], usage },
  ]
  return [...events.map((event) => JSON.stringify(event)), '[DONE]'].map((data) => `data: ${data}\n\n`).join('')
}

function frame(object: string, model: string) {
  return { id: 'chatcmpl-directed', object, created: Math.floor(Date.now() / 1000), model }
}

function contentOf(turn: DirectedTurn) {
  if (typeof turn === 'string') return { content: turn }
  const calls = turn.toolCalls.map(({ name, arguments: args }, index) => ({
    index,
    id: `call-${crypto.randomUUID()}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }))
  return { content: null, tool_calls: calls }
}

function finishOf(turn: DirectedTurn): string {
  return typeof turn === 'string' ? 'stop' : 'tool_calls'
}

// SPDX-License-Identifier: Apache-2.0
// A small agent on the real OpenAI client: it streams a turn, runs the tool
// that the model asks for, and asks again. It knows nothing of dynamo-agent.
import OpenAI from 'openai'
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources'

const client = new OpenAI({ defaultHeaders: { 'x-dynamo-session-id': 'adding-machine' } })
const model = 'scripted'
const tools: ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'add',
      parameters: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } },
    },
  },
]
const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'What is 2 + 3?' }]

const call = { id: '', name: '', arguments: '' }
for await (const chunk of await client.chat.completions.create({ model, messages, tools, stream: true })) {
  const delta = chunk.choices[0]?.delta.tool_calls?.[0]
  call.id ||= delta?.id ?? ''
  call.name ||= delta?.function?.name ?? ''
  call.arguments += delta?.function?.arguments ?? ''
}
const { a, b } = JSON.parse(call.arguments) as { a: number; b: number }
messages.push(
  { role: 'assistant', content: null, tool_calls: [{ id: call.id, type: 'function', function: call }] },
  { role: 'tool', tool_call_id: call.id, content: String(a + b) },
)

const answer = await client.chat.completions.create({ model, messages, tools })
process.stdout.write(`${call.name} gave ${a + b}; ${answer.choices[0]?.message.content ?? ''}\n`)

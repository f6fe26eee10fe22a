// SPDX-License-Identifier: Apache-2.0
import { dynamo, withAgentSession } from '@dynamo-agent/provider-ai-sdk'
import { isStepCount, tool, ToolLoopAgent } from 'ai'
import { z } from 'zod'

const readPage = tool({
  description: 'The text of a page of the handbook',
  inputSchema: z.object({ page: z.string() }),
  execute: ({ page }) => `Page ${page}: nothing of note.`,
})

/** A subagent: an agent that a tool runs. It needs no word of Dynamo: it is a child of whoever called the tool. */
const explore = tool({
  description: 'Sends somebody to find out one thing',
  inputSchema: z.object({ question: z.string() }),
  async execute({ question }, { abortSignal }) {
    const explorer = new ToolLoopAgent({
      model: dynamo(process.env.DYNAMO_MODEL ?? 'default'),
      instructions: 'You explore one question.',
      tools: { readPage },
      stopWhen: isStepCount(5),
    })
    const { text } = await explorer.generate({ prompt: question, ...(abortSignal && { abortSignal }) })
    return text
  },
})

/** Answers a question with the help of as many subagents as the model sees fit, at the same time. */
export function research(id: string, question: string): Promise<string> {
  const researcher = new ToolLoopAgent({
    model: dynamo(process.env.DYNAMO_MODEL ?? 'default'),
    instructions: 'You lead a research.',
    tools: { explore },
    stopWhen: isStepCount(5),
  })
  return withAgentSession(id, async () => (await researcher.generate({ prompt: question })).text)
}

// SPDX-License-Identifier: Apache-2.0
import type { AgentTool } from '@earendil-works/pi-agent-core'
import { Type, type TSchema } from 'typebox'
import type { DeskTool } from './desk-tools.ts'

/** One of the application's tools as Pi calls it; what it throws, Pi tells the model. */
export function adaptTool(tool: DeskTool): AgentTool<TSchema, undefined> {
  return {
    name: tool.name,
    label: tool.name,
    description: tool.description,
    parameters: Type.Object(Object.fromEntries(tool.parameters.map((name) => [name, Type.String()]))),
    async execute(_toolCallId, given) {
      const text = await tool.run(given as Readonly<Record<string, string>>)
      return { content: [{ type: 'text', text }], details: undefined }
    },
  }
}

// SPDX-License-Identifier: Apache-2.0
import { generateText, registerTelemetry, tool, type Telemetry, type ToolSet } from 'ai'
import {
  generateText as generateText6,
  registerTelemetryIntegration,
  tool as tool6,
  type TelemetryIntegration,
  type ToolSet as ToolSet6,
} from 'ai-6'
import {
  registerTelemetryIntegration as registerTelemetryIntegrationOldest,
  type TelemetryIntegration as TelemetryIntegrationOldest,
} from 'ai-6-oldest'
import { registerTelemetry as registerTelemetryOldest, type Telemetry as TelemetryOldest } from 'ai-7-oldest'
import { z } from 'zod'
import { createDynamo } from '../../src/index.ts'
import { dynamoTelemetry, wrapTools } from '../../src/telemetry/index.ts'

const inputSchema = z.object({ word: z.string() })

/** Compiled with the package and never run: what each version of the SDK takes of the telemetry. */
export async function takenByAi() {
  const model = createDynamo()('m')
  const newest: Telemetry = dynamoTelemetry()
  const oldest: TelemetryOldest = dynamoTelemetry()
  const newest6: TelemetryIntegration = dynamoTelemetry()
  const oldest6: TelemetryIntegrationOldest = dynamoTelemetry()
  registerTelemetry(newest)
  registerTelemetryOldest(oldest)
  registerTelemetryIntegration(newest6)
  registerTelemetryIntegrationOldest(oldest6)

  const tools = wrapTools({ look_up: tool({ inputSchema, execute: ({ word }) => word.length }) }) satisfies ToolSet
  const tools6 = wrapTools({ look_up: tool6({ inputSchema, execute: ({ word }) => word.length }) }) satisfies ToolSet6
  const telemetry = { integrations: [dynamoTelemetry()] }
  const { steps } = await generateText({ model, prompt: '', tools, telemetry })
  const { steps: steps6 } = await generateText6({ model, prompt: '', tools: tools6, experimental_telemetry: telemetry })
  const lengths: (number | undefined)[] = [
    steps[0]?.staticToolResults[0]?.output,
    steps6[0]?.staticToolResults[0]?.output,
  ]
  return lengths
}

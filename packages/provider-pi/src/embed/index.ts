// SPDX-License-Identifier: Apache-2.0
export { instrumentAgent, type InstrumentAgentOptions, type InstrumentedAgent } from './instrument-agent.ts'
export type { PiAgent } from './pi-agent.ts'

// SPDX-License-Identifier: Apache-2.0
export { runQuickstart, type QuickstartEvent, type QuickstartOptions, type QuickstartResult } from './run-quickstart.ts'
export type { AgentStep } from './steps.ts'
export type { TestSummary } from './test-summary.ts'

// SPDX-License-Identifier: Apache-2.0

/** A tool as this application has it, whoever is to call it. */
export interface DeskTool {
  readonly name: string
  readonly description: string
  /** Names of its parameters, all of them texts. */
  readonly parameters: readonly string[]
  run(given: Readonly<Record<string, string>>): Promise<string>
}

const orders: Readonly<Record<string, string>> = { 'A-17': 'left the warehouse on Monday', 'B-4': 'waits for payment' }

export const lookUpOrder: DeskTool = {
  name: 'look_up_order',
  description: 'What is known of an order',
  parameters: ['order'],
  run({ order = '' }) {
    const state = orders[order]
    return state === undefined ? Promise.reject(new Error(`there is no order ${order}`)) : Promise.resolve(state)
  },
}

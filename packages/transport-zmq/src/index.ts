// SPDX-License-Identifier: Apache-2.0
export {
  createToolEventRelay,
  type ToolEventDropReason,
  type ToolEventRelay,
  type ToolEventRelayCounters,
} from './tool-event-relay.ts'
export type { ToolEventRelayOptions } from './relay-options.ts'
export {
  createToolEventReceiver,
  type ToolEventReceiver,
  type ToolEventReceiverCounters,
  type ToolEventReceiverOptions,
  type ToolEventRejectReason,
} from './tool-event-receiver.ts'

// SPDX-License-Identifier: Apache-2.0
export { sendAnswer } from './send-answer.ts'
export { startProxy, type HandleRequest, type HttpProxy, type ProxiedRequest } from './start-proxy.ts'

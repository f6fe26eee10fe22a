// SPDX-License-Identifier: Apache-2.0
export { answerChat as POST } from '../../../../src/chat.ts'

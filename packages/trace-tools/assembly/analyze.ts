// SPDX-License-Identifier: Apache-2.0
// What a summary does for each request and tool call. An instance belongs to one summarizer.
// src/analyze/analyze-module.ts says what each export does.
export { expectedTokens, placeHashes, takeTurn } from './analyze/cache-loss'
export { coverAgent, coveredMs, coverRequest, coverTools } from './analyze/wall-time'

// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'rolldown'

/**
 * What Pi loads: one file, because Pi compiles every file of an extension by
 * itself, which for all of ours takes longer than everything that they do.
 *
 * The file is named as TypeScript though it holds none: only there does Pi put
 * itself in the place of the imports that name it. What is imported when it is
 * needed stays outside.
 */
export default defineConfig({
  input: 'src/index.ts',
  platform: 'node',
  external: [/^@(earendil-works|mariozechner)\//, '@dynamo-agent/jsonl-sink', '@dynamo-agent/transport-zmq'],
  output: { file: 'dist/extension.ts', codeSplitting: false },
})

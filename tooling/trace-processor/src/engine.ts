// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { compileFunction } from 'node:vm'
import { ensureEngineFiles } from './engine-files.ts'

/** The WebAssembly engine: bytes of TraceProcessorRpcStream in, bytes of the same out, synchronously. */
export interface Engine {
  exchange(request: Uint8Array): Uint8Array
}

/** The glue was written for a worker of a page; this is all it needs of one. */
interface WorkerScope {
  onmessage?: (message: { readonly data: Port }) => void
  readonly location: { readonly href: string }
  readonly wasmModule: WasmModule
}

interface Port {
  onmessage?: (message: { readonly data: Uint8Array }) => void
  postMessage(reply: Uint8Array): void
}

type Glue = (self: WorkerScope, WorkerGlobalScope: () => void, ...globals: readonly unknown[]) => void

type WasmModule = object

/** Node's types name WebAssembly only together with those of a browser. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { compile(bytes: Uint8Array): Promise<WasmModule> }
}

/** Both halves are compiled once for all traces of a process. */
let compiled: Promise<{ readonly glue: Glue; readonly wasmModule: WasmModule }> | undefined

/** Starts an engine with a memory of its own, which goes when nothing refers to the engine any more. */
export async function startEngine(): Promise<Engine> {
  const { glue, wasmModule } = await (compiled ??= compile())
  const scope: WorkerScope = { location: { href: 'file:///' }, wasmModule }
  glue(scope, ignore, scope.location, { log: ignore, warn: ignore, error: ignore })
  // The glue finishes its start in microtasks.
  await setImmediate()

  let replies: Uint8Array[] = []
  const port: Port = { postMessage: (reply) => replies.push(reply) }
  scope.onmessage?.({ data: port })
  return {
    exchange(request) {
      replies = []
      port.onmessage?.({ data: request })
      return Buffer.concat(replies)
    },
  }
}

async function compile() {
  const { gluePath, wasmPath } = await ensureEngineFiles()
  const [source, wasm] = await Promise.all([readFile(gluePath, 'utf8'), readFile(wasmPath)])
  const parameters = ['self', 'WorkerGlobalScope', 'location', 'console']
  const glue = compileFunction(adapt(source), parameters, { filename: gluePath }) as Glue
  return { glue, wasmModule: await WebAssembly.compile(wasm) }
}

/**
 * The glue picks the 64-bit build wherever the platform could run it, but only
 * the 32-bit one is shipped; and it would load and compile that for each trace.
 */
function adapt(source: string): string {
  const replacements = [
    ['this.useMemory64 = hasMemory64Support();', 'this.useMemory64 = false;'],
    ['var binary = getBinarySync(file);', ''],
    ['module = new WebAssembly.Module(binary);', 'module = self.wasmModule;'],
  ] as const
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the engine's glue no longer holds ${from}`)
    return text.replaceAll(from, to)
  }, source)
}

function ignore(): void {
  // The engine logs to its console; what matters of it comes back as an error.
}

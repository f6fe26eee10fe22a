// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What `assembly/` is compiled to: an entry there for each. */
export type WasmName = 'scan' | 'details' | 'model' | 'write' | 'counters' | 'analyze'

/** The memory of an instance. Its buffer is replaced by another one whenever it grows. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** A variable of an instance. */
export interface WasmGlobal {
  readonly value: number
}

/** By module and name. AssemblyScript's `usize`, `f64` and `bool` are numbers here. */
export type WasmImports = Readonly<Record<string, Readonly<Record<string, (...args: never[]) => unknown>>>>

/** Node.js has it, but its types do not. */
interface WebAssembly {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: WasmImports) => { readonly exports: object }
}

const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssembly }).WebAssembly

const modules = new Map<WasmName, object>()

/**
 * Makes an instance of one of the modules, with a memory of its own.
 *
 * @returns What its entry in `assembly/` exports.
 * @throws DynamoAgentError `DYN_WASM_UNAVAILABLE` where the module was not
 * compiled, or the process may not reserve as many addresses as V8 wants for
 * each instance: some gigabytes, of which hardly any become memory.
 */
export function loadWasm(name: WasmName, imports: WasmImports = {}): unknown {
  const module = modules.get(name) ?? compile(name)
  modules.set(name, module)
  try {
    // Functions of an object that is made of them are found faster than exports.
    return { ...new Instance(module, { env: { abort }, ...imports }).exports }
  } catch (cause) {
    throw new DynamoAgentError({
      code: 'DYN_WASM_UNAVAILABLE',
      message: 'this process may not reserve the addresses that WebAssembly needs',
      advice: 'Raise the limit (ulimit -v), or set NODE_OPTIONS=--disable-wasm-trap-handler.',
      cause,
    })
  }
}

function compile(name: WasmName): object {
  // At the same place from the sources and from what is published.
  const url = new URL(`../../wasm/${name}.wasm`, import.meta.url)
  try {
    return new Module(readFileSync(url))
  } catch (cause) {
    throw new DynamoAgentError({
      code: 'DYN_WASM_UNAVAILABLE',
      message: `${fileURLToPath(url)} cannot be loaded`,
      advice: 'Install @dynamo-agent/trace-tools anew; in a clone run: npx -y pnpm@12 --filter @dynamo-agent/trace-tools wasm',
      cause,
    })
  }
}

/** What AssemblyScript calls where memory cannot grow any more. */
function abort(): never {
  throw new RangeError('a trace needs more memory than there is')
}

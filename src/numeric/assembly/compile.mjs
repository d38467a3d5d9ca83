/** Compiles the AssemblyScript beside it to `../kernel-bytes.ts`: WebAssembly as text, which every build and bundler can carry. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const TARGET = fileURLToPath(new URL('../kernel-bytes.ts', import.meta.url));

const OPTIONS = ['--runtime', 'stub', '--importMemory', '--noAssert', '--optimizeLevel', '3', '--enable', 'simd'];

/** Writes the file where it is not of these sources already. */
export default async function compileKernels() {
  const files = readdirSync(HERE).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(`${HERE}${file}`));
  const firstLine = `// Made by assembly/compile.mjs from ${hash.digest('hex').slice(0, 16)}; not to be edited.`;
  if (existsSync(TARGET) && readFileSync(TARGET, 'utf8').startsWith(`${firstLine}\n`)) return;
  const bytes = await compiled(files.filter((file) => file.endsWith('.ts')));
  const text = `${firstLine}\nexport const KERNEL_BYTES = '${Buffer.from(bytes).toString('base64')}';\n`;
  writeFileSync(`${TARGET}.${process.pid}`, text);
  renameSync(`${TARGET}.${process.pid}`, TARGET);
}

/** The sources as one WebAssembly module. Throws with what the compiler says. */
async function compiled(names) {
  const { default: asc } = await import('assemblyscript/asc');
  let bytes;
  const { error, stderr } = await asc.main([...names, ...OPTIONS, '--outFile', 'kernels.wasm'], {
    readFile: (name) => (existsSync(`${HERE}${name}`) ? readFileSync(`${HERE}${name}`, 'utf8') : null),
    writeFile: (_name, contents) => {
      bytes = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`the kernels don't compile: ${stderr.toString() || error.message}`);
  return bytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileKernels();

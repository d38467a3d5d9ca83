import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = fileURLToPath(new URL('./KafkaLog.java', import.meta.url));

/** What `KafkaLog.java` prints, as lines. */
export async function kafkaLog(libs: string, args: readonly (string | number)[]): Promise<string[]> {
  const java = ['-Xmx256m', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];
  const all = [...java, '-cp', path.join(libs, '*'), PROGRAM, ...args.map(String)];
  const { stdout } = await promisify(execFile)('java', all);
  return stdout.split('\n').filter((line) => line !== '');
}

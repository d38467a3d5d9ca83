/** Where the software says what a person should know while it runs. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
}

/** One line a message on standard error, so that standard output stays the program's own. */
export const stderrLog: Log = {
  info: (message) => void process.stderr.write(`millrace: ${message}\n`),
  warn: (message) => void process.stderr.write(`millrace: warning: ${message}\n`),
};

/** Says nothing. */
export const silentLog: Log = { info: () => {}, warn: () => {} };

/** Takes text that is the program's output; what `print` and `pprint` write to. */
export type TextWriter = (text: string) => void;

export const stdoutWriter: TextWriter = (text) => void process.stdout.write(text);

/** Throws what the partition's first record asks for: our kinds as a program that imports them from elsewhere would. */
const errors = {
  data: () => named('DataError', 'no price', { code: 'bad-record', context: { column: 'price' } }),
  transient: () => named('TransientError', 'asleep', { code: 'unreachable' }),
  refused: () => new TypeError('fetch failed', { cause: named('Error', 'refused', { code: 'ECONNREFUSED' }) }),
  late: () => new DOMException('too slow', 'TimeoutError'),
  own: () => named('OutOfPaper', 'tray 2', { code: 7, printer: () => {} }),
  text: () => 'just text',
};

export default function fail([kind]) {
  throw errors[kind]();
}

function named(name, message, properties) {
  return Object.assign(new Error(message), { name }, properties);
}
